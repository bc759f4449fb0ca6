using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AotServe.Handover;

/// <summary>
/// Listening sockets that this process was started with (sd_listen_fds(3)): by a service manager, or by a server of the
/// same kind that this one is to replace. In the second case there is a channel to it behind the sockets.
/// </summary>
internal sealed class PassedSockets
{
    /// <summary>How many descriptors there are, from number 3 on.</summary>
    public const string CountVariable = "LISTEN_FDS";

    /// <summary>The id of the process that they are for.</summary>
    public const string ProcessVariable = "LISTEN_PID";

    /// <summary>Their names, separated by colons; passed on to a successor.</summary>
    public const string NamesVariable = "LISTEN_FDNAMES";

    /// <summary>
    /// The id of the server to be replaced, and whether the sockets are its own (<c>own</c>) or others may have them open
    /// too (<c>shared</c>): <c>123:own</c>. It replaces LISTEN_PID, because a process's id is not known before it is started.
    /// </summary>
    public const string PredecessorVariable = "AOTSERVE_PREDECESSOR";

    /// <summary>The first descriptor behind the standard streams.</summary>
    public const int FirstDescriptor = 3;

    private const int MostDescriptors = 1024;

    private PassedSockets(int count, string? names, bool hasPredecessor, bool areOwn)
    {
        Descriptors = new int[count];
        for (int i = 0; i < count; i++)
        {
            Descriptors[i] = FirstDescriptor + i;
        }

        Names = names;
        HasPredecessor = hasPredecessor;
        AreOwn = areOwn;
    }

    /// <summary>The sockets' descriptors, one or more; not checked for what they are.</summary>
    public int[] Descriptors { get; }

    /// <summary>What LISTEN_FDNAMES said.</summary>
    public string? Names { get; }

    /// <summary>Whether a server of this kind waits to be replaced, at the other end of the channel.</summary>
    public bool HasPredecessor { get; }

    /// <summary>The channel's descriptor.</summary>
    public int ChannelDescriptor => FirstDescriptor + Descriptors.Length;

    /// <summary>The first descriptor behind all that was passed.</summary>
    public int FirstOther => HasPredecessor ? ChannelDescriptor + 1 : ChannelDescriptor;

    /// <summary>Whether nobody but predecessors can have the sockets open.</summary>
    public bool AreOwn { get; }

    /// <summary>Reads the variables.</summary>
    /// <param name="environment">Looks a variable up; null where it is not set.</param>
    /// <param name="pid">This process's id.</param>
    /// <param name="parent">Its parent's.</param>
    /// <param name="passed">The sockets; null where none were passed to this process.</param>
    /// <param name="error">One line that says what is wrong with the variables.</param>
    public static bool TryRead(
        Func<string, string?> environment, int pid, int parent, out PassedSockets? passed, [NotNullWhen(false)] out string? error)
    {
        passed = null;
        error = null;
        if (environment(CountVariable) is not { } count)
        {
            return true;
        }

        string[] predecessor = (environment(PredecessorVariable) ?? "").Split(':');
        bool replaces = IsNumber(predecessor[0], parent) && predecessor.Length == 2;
        if (!replaces && !IsNumber(environment(ProcessVariable), pid))
        {
            return true; // They are for another process, and this one has inherited the variables.
        }

        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number is < 0 or > MostDescriptors)
        {
            error = $"{CountVariable} is no number from 0 to {MostDescriptors}";
            return false;
        }

        if (number > 0)
        {
            passed = new PassedSockets(number, environment(NamesVariable), replaces, replaces && predecessor[1] == "own");
        }

        return true;
    }

    private static bool IsNumber(string? text, int number) => text == number.ToString(CultureInfo.InvariantCulture);
}
