using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Native;

namespace AotServe.Sandbox;

/// <summary>
/// What the process gives up for good before it reads a byte of a client: its start's user, capabilities and groups
/// (where another is named), the gain of rights by programs that it runs, and all files and TCP that serving does not take.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class ProcessSandbox
{
    /// <summary>
    /// Raises the walls around the calling thread, and so around all that it starts from here on. To be called by the main
    /// thread when the sockets listen and the folders are open, and before any other thread is started. What is left is the
    /// runtime's own thread, which is done here too where another user is named: see <see cref="AllThreads"/>.
    /// </summary>
    /// <param name="options">What is left to the process.</param>
    /// <param name="report">Is told, a line at a time, which walls there are and what the kernel lacks; or null.</param>
    /// <param name="remaining">What is left to do, or null; the caller owns it.</param>
    /// <returns>Null, or why the process must not serve: one line.</returns>
    public static string? Raise(SandboxOptions options, Action<string>? report, out FinalizerThreadRestriction? remaining)
    {
        remaining = null;
        var folders = new List<int>(options.Served.Count);
        LandlockRuleset? ruleset = null;
        try
        {
            // Both are made by whoever started the process, for the user to come may not search all that leads there.
            string says = "off: --no-sandbox";
            if (OpenEach(options.Served, folders) is { } unopened)
            {
                return unopened;
            }

            if (options.Sandbox && LandlockRules.TryMake(options, folders, out ruleset, out says) is { } unmade)
            {
                return $"cannot make the Landlock ruleset: {unmade}; --no-sandbox does without";
            }

            if (options.Account is { } account && Become(account) is { } unchanged)
            {
                return $"cannot become the user {account}: {unchanged}";
            }

            bool full = false;
            int result = options.Account is not null ? AllThreads.Run(Renounce) : Renounce();

            // Every replacement of a server is one ruleset further in; 16 is as far as it goes, and each allows the same.
            if (full)
            {
                says += "; in force from the processes before this one, whose 16 rulesets are as many as there can be";
            }

            if (Failure("give up the rights of this process", result) is { } unraised)
            {
                return unraised;
            }

            if (options.Account is { } now && Check(now, options.Served, folders) is { } unfit)
            {
                return unfit;
            }

            report?.Invoke("Wall: sandbox: " + says);
            report?.Invoke("Wall: no_new_privs: on");
            report?.Invoke(options.Account is { } who
                ? $"Wall: user and group {who}, {LinuxCredentials.SupplementaryGroups} other groups, no capabilities"
                : $"Wall: user {LinuxCredentials.EffectiveUser}, as started; --user names another");
            if (options.Account is null)
            {
                LandlockRuleset? own = ruleset;
                remaining = new FinalizerThreadRestriction(
                    () => Failure("give up the rights of the runtime's own thread", RenounceOnThisThread(own, false, ref full)),
                    own);
                ruleset = null;
            }

            return null;

            int Renounce() => RenounceOnThisThread(ruleset, options.Account is not null, ref full);
        }
        finally
        {
            ruleset?.Dispose();
            foreach (int folder in folders)
            {
                FileDescriptor.Close(folder);
            }
        }
    }

    private static string? OpenEach(IReadOnlyList<string> paths, List<int> folders)
    {
        foreach (string path in paths)
        {
            fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
            {
                int folder = LinuxFiles.OpenAt(
                    LinuxFiles.CurrentDirectory, bytes, LinuxFiles.PathOnly | LinuxFiles.CloseOnExec);
                if (folder < 0)
                {
                    return $"cannot open the folder '{path}': {Errno.Describe(-folder)}";
                }

                folders.Add(folder);
            }
        }

        return null;
    }

    /// <summary>Takes the user and the group, on every thread, and leaves all other groups.</summary>
    private static string? Become(UserAccount account)
    {
        if (LinuxCredentials.EffectiveUser != 0)
        {
            return LinuxCredentials.Are(account.User, account.Group)
                ? null
                : "only root can become another user; start the server as root, or leave --user out";
        }

        // First what takes root's rights, and of that the bounding set first, for its right goes with the user.
        return Failure("drop the capability bounding set", AllThreads.Run(LinuxCredentials.DropBoundingSet))
            ?? Failure("leave the groups", LinuxCredentials.LeaveGroups())
            ?? Failure("take the group", LinuxCredentials.SetGroup(account.Group))
            ?? Failure("take the user", LinuxCredentials.SetUser(account.User))
            ?? (LinuxCredentials.SupplementaryGroups == 0 ? null : "other groups are left");
    }

    private static string? Failure(string what, int result) =>
        result == 0 ? null : $"cannot {what}: {Errno.Describe(-result)}";

    private static int RenounceOnThisThread(LandlockRuleset? ruleset, bool capabilities, ref bool full)
    {
        int error = capabilities ? LinuxCredentials.DropCapabilities() : 0;
        if (error == 0 && capabilities && LinuxCredentials.HasCapabilities())
        {
            error = -Errno.NotPermitted;
        }

        if (error == 0)
        {
            error = LinuxCredentials.SetNoNewPrivileges();
        }

        if (error == 0 && ruleset is not null)
        {
            error = ruleset.RestrictThread();
        }

        full |= error == -Errno.TooLong;
        return error == -Errno.TooLong ? 0 : error;
    }

    /// <summary>Sees that nothing leads back, and that the user can do what it is there for.</summary>
    private static string? Check(UserAccount account, IReadOnlyList<string> paths, List<int> folders)
    {
        if (!LinuxCredentials.Are(account.User, account.Group) || LinuxCredentials.CanBecomeRoot())
        {
            return $"cannot become the user {account}: the system did not keep to it";
        }

        byte* self = stackalloc byte[] { (byte)'.', 0 };
        for (int i = 0; i < folders.Count; i++)
        {
            int opened = LinuxFiles.OpenAt(folders[i], self, LinuxFiles.ReadOnly | LinuxFiles.CloseOnExec);
            if (opened < 0)
            {
                return $"the folder '{paths[i]}' may not be read by the user {account}: {Errno.Describe(-opened)}; "
                    + "give it leave to read and search the folder (r-x), or name another --user";
            }

            FileDescriptor.Close(opened);
        }

        return null;
    }
}
