using System.Diagnostics.CodeAnalysis;

namespace AotServe.Sites;

/// <summary>Opens the site of a folder. Its rules are not read yet. The caller owns the site. Any thread may call.</summary>
/// <param name="folder">The path of the folder.</param>
/// <param name="site">The site.</param>
/// <param name="error">Why it cannot be served: one line.</param>
internal delegate bool FileSiteOpener(
    string folder, [NotNullWhen(true)] out FileSite? site, [NotNullWhen(false)] out string? error);
