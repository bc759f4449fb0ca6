using System;
using System.IO;

namespace AotServe.Cli;

/// <summary>
/// Sees that a root is a folder that can be read and searched. A check for the user's sake, not a guard: the folder can
/// change at any time after it, and what is served is opened by other means.
/// </summary>
internal static class FolderArgument
{
    private const string WayOut = "; give a folder to serve, or none for the built-in site";

    /// <summary>
    /// The full path without a separator at its end, or null and a error. Symbolic links in it stay as they are.
    /// Exceptions are met only on the way to a error, or in an empty folder: they are slow in a process just begun.
    /// </summary>
    public static string? Resolve(string path, ref string? error)
    {
        try
        {
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            if (!Directory.Exists(full))
            {
                error = (File.GetAttributes(full) & FileAttributes.Directory) == 0
                    ? "is a file, not a folder" + WayOut
                    : "does not exist" + WayOut;
                return null;
            }

            // Listing it needs the permission to read; its entries' attributes, the permission to search.
            string entry = Path.Combine(full, "index.html");
            foreach (string first in Directory.EnumerateFileSystemEntries(full))
            {
                entry = first;
                break;
            }

            try
            {
                File.GetAttributes(entry);
            }
            catch (FileNotFoundException)
            {
                // An empty folder; or the entry went away meanwhile. It could be looked for, which is all that is asked.
            }

            return full;
        }
        catch (UnauthorizedAccessException)
        {
            error = "may not be read by this user; give it leave to read and search the folder (r-x)";
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

        return null;
    }
}
