using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Native;

namespace AotServe.Sandbox;

/// <summary>
/// Restricts the process for good, before it reads a byte of a client: it becomes another user without capabilities and
/// supplementary groups (where one is named), programs that it runs can gain no rights, and Landlock refuses all files and
/// TCP calls that serving does not need.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class ProcessSandbox
{
    /// <summary>
    /// Restricts the calling thread, and so all threads that it starts from now on. Called by the main thread after the
    /// sockets listen and the folders are open, and before any other thread is started, the runtime's own included.
    /// </summary>
    /// <param name="options">What is left to the process.</param>
    /// <param name="report">Receives one line for each restriction, with what the kernel lacks; may be null.</param>
    /// <param name="error">One line: why the process must not serve.</param>
    public static bool TryEnter(
        SandboxOptions options,
        Action<string>? report,
        [NotNullWhen(false)] out string? error)
    {
        var folders = new List<int>(options.ServedFolders.Length);
        ThreadRestriction? restriction = null;
        try
        {
            // As the user that started the process: the user to become may not be able to search the paths to the folders.
            if (!TryOpenEach(options.ServedFolders, folders, out error)
                || !TryCreateRestriction(options, folders, out restriction, out string? landlockStatus, out error))
            {
                return false;
            }

            if (options.Account is { } account)
            {
                if (!TryBecome(account, out error)
                    || !TryRestrict(restriction.Apply(), out error)
                    || !TryCheckAccess(account, options.ServedFolders, folders, out error))
                {
                    return false;
                }
            }
            else if (!TryRestrict(restriction.Apply(), out error))
            {
                return false;
            }

            Report(options.Account, landlockStatus, restriction.IsAtRulesetLimit, report);
            return true;
        }
        finally
        {
            restriction?.Dispose();
            foreach (int folder in folders)
            {
                FileDescriptor.Close(folder);
            }
        }
    }

    private static bool TryOpenEach(string[] paths, List<int> folders, [NotNullWhen(false)] out string? error)
    {
        foreach (string path in paths)
        {
            fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
            {
                int folder = LinuxFiles.OpenAt(
                    LinuxFiles.CurrentDirectory, bytes, LinuxFiles.PathOnly | LinuxFiles.CloseOnExec);
                if (folder < 0)
                {
                    error = $"cannot open the folder '{path}': {Errno.Describe(-folder)}";
                    return false;
                }

                folders.Add(folder);
            }
        }

        error = null;
        return true;
    }

    private static bool TryCreateRestriction(
        SandboxOptions options,
        List<int> folders,
        [NotNullWhen(true)] out ThreadRestriction? restriction,
        [NotNullWhen(true)] out string? landlockStatus,
        [NotNullWhen(false)] out string? error)
    {
        LandlockRuleset? ruleset = null;
        landlockStatus = "off: --no-sandbox";
        error = null;
        if (options.UsesLandlock && !LandlockRules.TryCreate(options, folders, out ruleset, out landlockStatus, out error))
        {
            restriction = null;
            error = $"cannot make the Landlock ruleset: {error}; --no-sandbox does without";
            return false;
        }

        restriction = new ThreadRestriction(ruleset, dropsCapabilities: options.Account is not null);
        return true;
    }

    /// <summary>Changes the user and the group of the process, and leaves all supplementary groups.</summary>
    private static bool TryBecome(UserAccount account, [NotNullWhen(false)] out string? error)
    {
        if (LinuxCredentials.EffectiveUser != 0)
        {
            error = LinuxCredentials.Are(account.User, account.Group)
                ? null
                : "only root can become another user; start the server as root, or leave --user out"u8.Text();
        }
        else if (TryLeaveRoot(account, out error) && LinuxCredentials.SupplementaryGroups != 0)
        {
            error = "other groups are left";
        }

        error = error is null ? null : $"cannot become the user {account}: {error}";
        return error is null;
    }

    /// <summary>The user comes last, because each step before it needs root's rights.</summary>
    private static bool TryLeaveRoot(UserAccount account, [NotNullWhen(false)] out string? error) =>
        Succeeds(LinuxCredentials.DropBoundingSet(), "drop the capability bounding set", out error)
        && Succeeds(LinuxCredentials.LeaveGroups(), "leave the groups", out error)
        && Succeeds(LinuxCredentials.SetGroup(account.Group), "take the group", out error)
        && Succeeds(LinuxCredentials.SetUser(account.User), "take the user", out error);

    private static bool TryRestrict(int result, [NotNullWhen(false)] out string? error) =>
        Succeeds(result, "give up the rights of this process", out error);

    private static bool Succeeds(int result, string step, [NotNullWhen(false)] out string? error)
    {
        error = result == 0 ? null : $"cannot {step}: {Errno.Describe(-result)}";
        return error is null;
    }

    /// <summary>Checks that the process cannot become root again, and that the new user can read the served folders.</summary>
    private static bool TryCheckAccess(
        UserAccount account, string[] paths, List<int> folders, [NotNullWhen(false)] out string? error)
    {
        if (!LinuxCredentials.Are(account.User, account.Group) || LinuxCredentials.CanBecomeRoot())
        {
            error = $"cannot become the user {account}: the system did not keep to it";
            return false;
        }

        byte* self = stackalloc byte[] { (byte)'.', 0 };
        for (int i = 0; i < folders.Count; i++)
        {
            int opened = LinuxFiles.OpenAt(folders[i], self, LinuxFiles.ReadOnly | LinuxFiles.CloseOnExec);
            if (opened < 0)
            {
                error = $"the folder '{paths[i]}' may not be read by the user {account}: {Errno.Describe(-opened)}; "
                    + "give it leave to read and search the folder (r-x), or name another --user"u8.Text();
                return false;
            }

            FileDescriptor.Close(opened);
        }

        error = null;
        return true;
    }

    private static void Report(UserAccount? account, string landlockStatus, bool isAtRulesetLimit, Action<string>? report)
    {
        if (report is null)
        {
            return;
        }

        report("Wall: sandbox: " + landlockStatus + (isAtRulesetLimit
            ? "; in force from the processes before this one, whose 16 rulesets are as many as there can be"u8.Text()
            : ""));
        report("Wall: no_new_privs: on");
        report(account is { } user
            ? $"Wall: user and group {user}, {LinuxCredentials.SupplementaryGroups} other groups, no capabilities"
            : $"Wall: user {LinuxCredentials.EffectiveUser}, as started; --user names another");
    }
}
