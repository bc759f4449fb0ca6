using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>The names of this process's environment variables (environ(7)), without a copy of them all.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class EnvironmentNames
{
    /// <summary>Those that begin with <paramref name="prefix"/>, which is ASCII.</summary>
    public static List<string> BeginningWith(string prefix)
    {
        var names = new List<string>();
        for (byte** entry = SystemNative_GetEnviron(); entry is not null && *entry is not null; entry++)
        {
            if (HasPrefix(*entry, prefix) && Marshal.PtrToStringUTF8((nint)(*entry)) is { } variable)
            {
                int equals = variable.IndexOf('=');
                names.Add(equals < 0 ? variable : variable[..equals]);
            }
        }

        return names;
    }

    private static bool HasPrefix(byte* text, string prefix)
    {
        foreach (char letter in prefix)
        {
            if (*text++ != letter)
            {
                return false;
            }
        }

        return true;
    }

    // The runtime's own, which is part of every executable.
    [LibraryImport("libSystem.Native")]
    private static partial byte** SystemNative_GetEnviron();
}
