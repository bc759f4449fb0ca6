using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using AotServe.Files;

namespace AotServe.Cli;

/// <summary>
/// Checks that a root is a folder that can be read and searched. This is for a clear error, not for security: the folder can
/// change afterwards, and files are opened by other means.
/// </summary>
internal static class FolderArgument
{
    private static string WayOut => "; give a folder to serve, or none for the built-in site"u8.Text();

    /// <summary>
    /// Gives the full path without a separator at its end. Symbolic links in it are kept. Exceptions are thrown only on the
    /// way to an error and in an empty folder, because they are slow in a process that has just started.
    /// </summary>
    public static bool TryResolve(
        string path, [NotNullWhen(true)] out string? folder, [NotNullWhen(false)] out string? error)
    {
        folder = null;
        try
        {
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            if (!Directory.Exists(full))
            {
                error = (File.GetAttributes(full) & FileAttributes.Directory) == 0
                    ? "is a file, not a folder" + WayOut
                    : "does not exist" + WayOut;
                return false;
            }

            // Listing the folder needs permission to read; its entries' attributes need permission to search.
            string entry = FolderAccess.FindEntry(full) ?? Path.Combine(full, "index.html");
            try
            {
                File.GetAttributes(entry);
            }
            catch (FileNotFoundException)
            {
                // The folder is empty, or the entry was deleted meanwhile. The search was permitted, which is all that counts.
            }

            folder = full;
            error = null;
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            error = "may not be read by this user; give it leave to read and search the folder (r-x)"u8.Text();
        }
        catch (Exception e) when (e is ArgumentException or DirectoryNotFoundException or FileNotFoundException
            or PathTooLongException)
        {
            error = "does not exist" + WayOut;
        }
        catch (Exception e) when (e is IOException or NotSupportedException or System.Security.SecurityException)
        {
            error = "cannot be read" + WayOut;
        }

        return false;
    }
}
