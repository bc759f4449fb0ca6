using System;
using System.Collections.Generic;
using System.IO;
using AotServe.Cli;

namespace AotServe.Printing;

/// <summary>
/// Makes a command line again of options that were read from one: for a server that starts in another folder, so with full paths, with
/// long names, and without what a later value replaces.
/// </summary>
internal static class GivenArguments
{
    /// <summary>The arguments of everything given but <c>--root</c>, which is for the caller to put in front.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="without">The name of an option to leave out.</param>
    public static List<string> Make(GivenOption[] given, string? without)
    {
        var arguments = new List<string>();
        for (int i = 0; i < given.Length; i++)
        {
            Option option = given[i].Option;
            if (option.Name == OptionTable.RootName || option.Name == without || IsReplaced(given, i))
            {
                continue;
            }

            string name = "--" + option.Name;
            if (option is not ValueOption takesValue || given[i].Value is not { } typed || typed == takesValue.BareValue)
            {
                arguments.Add(name);
                continue;
            }

            string value = WithFullPath(takesValue.PathForm, typed);
            if (takesValue.BareValue is not null || value[0] == '-')
            {
                arguments.Add(name + "=" + value);
            }
            else
            {
                arguments.Add(name);
                arguments.Add(value);
            }
        }

        return arguments;
    }

    /// <summary>Whether the same option follows, which then counts, for it takes one value.</summary>
    private static bool IsReplaced(GivenOption[] given, int index)
    {
        if (given[index].Option is ValueOption { Separators: not null })
        {
            return false;
        }

        for (int i = index + 1; i < given.Length; i++)
        {
            if (given[i].Option == given[index].Option)
            {
                return true;
            }
        }

        return false;
    }

    private static string WithFullPath(PathForm form, string value)
    {
        int start = form switch
        {
            PathForm.Folder => 0,
            PathForm.File when value != "-" => 0,
            PathForm.FolderBehindEquals => value.IndexOf('=') + 1,
            PathForm.UnixSocket when value.StartsWith(UnixPath.Prefix, StringComparison.Ordinal) => UnixPath.Prefix.Length,
            _ => value.Length,
        };
        return start == value.Length ? value : value[..start] + Path.GetFullPath(value[start..]);
    }
}
