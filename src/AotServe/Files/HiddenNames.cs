using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AotServe.Files;

/// <summary>
/// Names of files that are answered as if they did not exist (<c>--hide</c>). A pattern without a slash is compared with each
/// name on a path, one with a slash with the path from the root on. Everything in a hidden folder is hidden too.
/// <c>*</c> matches any part of a name, <c>?</c> one character, <c>**</c> any part of a path; no other character is special.
/// Immutable; any thread may use it.
/// </summary>
/// <remarks>
/// All patterns are compared in one pass over the path. What a pass finds out about the folder is remembered by each thread,
/// because a request asks for several names in one folder: index pages, precompressed files.
/// </remarks>
internal sealed class HiddenNames
{
    /// <summary>
    /// The most characters, in bytes of UTF-8, that all patterns together may have. The longest path then costs a few hundred
    /// microseconds.
    /// </summary>
    public const int MaxLength = 2048;

    [ThreadStatic]
    private static Memo? _memo;

    private readonly GlobAutomaton _automaton;

    private HiddenNames(GlobAutomaton automaton) => _automaton = automaton;

    /// <summary>Reads the patterns.</summary>
    /// <param name="patterns">Patterns; a slash at the end makes no difference.</param>
    /// <param name="ignoreCase">
    /// Whether the file system ignores case. It may then ignore more: what is compared is the form of <see cref="NameFolding"/>.
    /// </param>
    /// <param name="option">The option that they are values of, for the error.</param>
    /// <param name="hidden">The names.</param>
    /// <param name="error">Why they were not read: one line.</param>
    public static bool TryRead(
        ReadOnlySpan<string> patterns,
        bool ignoreCase,
        string option,
        [NotNullWhen(true)] out HiddenNames? hidden,
        [NotNullWhen(false)] out string? error)
    {
        var builder = new GlobBuilder(ignoreCase);
        foreach (string pattern in patterns)
        {
            string trimmed = pattern.TrimEnd('/');
            string compared = trimmed.TrimStart('/');
            builder.Add(ignoreCase ? NameFolding.Fold(compared) : Encoding.UTF8.GetBytes(compared), isName: !trimmed.Contains('/'));
        }

        error = builder.Length > MaxLength
            ? $"{option}: the patterns have {builder.Length} characters together; {MaxLength} is the most, so name whole folders"
            : null;
        hidden = error is null ? new HiddenNames(builder.Build()) : null;
        return hidden is not null;
    }

    /// <summary>
    /// Whether <paramref name="path"/> is hidden: in the form that <see cref="RootFolder"/> takes; where case is ignored, and unless it is
    /// ASCII, in that of <see cref="NameFolding"/>.
    /// </summary>
    public bool Contains(ReadOnlySpan<byte> path) => Contains(path, out _);

    /// <summary>The same, and how many steps it took: words of the automaton that were computed.</summary>
    internal bool Contains(ReadOnlySpan<byte> path, out long steps)
    {
        steps = 0;
        if (path.IsEmpty)
        {
            return false;
        }

        int folder = path.LastIndexOf((byte)'/') + 1;
        Memo memo = _memo ??= new Memo();
        if (!memo.IsOf(this, path[..folder]))
        {
            memo.Set(this, path[..folder], ref steps);
        }

        return memo.IsHidden || memo.ContainsName(path[folder..], ref steps);
    }

    /// <summary>What is known about the last folder that a thread was asked about.</summary>
    private sealed class Memo
    {
        private HiddenNames? _names;
        private byte[] _folder = new byte[256];
        private int _length;
        private ulong[] _inFolder = [];
        private ulong[] _states = [];

        /// <summary>Whether the folder itself is hidden, or one above it.</summary>
        public bool IsHidden { get; private set; }

        /// <summary>Whether it is about that folder, which ends with a slash or is empty.</summary>
        public bool IsOf(HiddenNames names, ReadOnlySpan<byte> folder) =>
            _names == names && folder.SequenceEqual(_folder.AsSpan(0, _length));

        /// <summary>Makes it about another folder.</summary>
        public void Set(HiddenNames names, ReadOnlySpan<byte> folder, ref long steps)
        {
            GlobAutomaton automaton = names._automaton;
            if (_states.Length != automaton.Words)
            {
                _inFolder = new ulong[automaton.Words];
                _states = new ulong[automaton.Words];
            }

            if (_folder.Length < folder.Length)
            {
                _folder = new byte[Math.Max(folder.Length, 2 * _folder.Length)];
            }

            automaton.Start(_inFolder);
            IsHidden = automaton.Run(folder, _inFolder, ref steps);
            (_names, _length) = (names, folder.Length);
            folder.CopyTo(_folder);
        }

        /// <summary>Whether a name in the folder is hidden.</summary>
        public bool ContainsName(ReadOnlySpan<byte> name, ref long steps)
        {
            GlobAutomaton automaton = _names!._automaton;
            _inFolder.CopyTo(_states, 0);
            return automaton.Run(name, _states, ref steps) || automaton.Accepts(_states);
        }
    }
}
