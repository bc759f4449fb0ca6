using System;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Sandbox;

/// <summary>
/// The rights that a thread gives up for good: capabilities, the gain of rights by programs that it runs, and everything
/// that the Landlock ruleset refuses. Owns the ruleset.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ThreadRestriction(LandlockRuleset? ruleset, bool dropsCapabilities) : IDisposable
{
    /// <summary>
    /// Whether the kernel refused the ruleset because 16 are in force already, its maximum. Each replacement of a server
    /// (SIGUSR2) adds one. All of them allow the same, so the thread is restricted all the same.
    /// </summary>
    public bool IsAtRulesetLimit { get; private set; }

    /// <summary>Restricts the calling thread, and so all threads that it starts from now on. Returns 0 or −errno.</summary>
    public int Apply()
    {
        int result = dropsCapabilities ? LinuxCredentials.DropCapabilities() : 0;
        if (result == 0 && dropsCapabilities && LinuxCredentials.HasCapabilities())
        {
            result = -Errno.NotPermitted;
        }

        if (result == 0)
        {
            result = LinuxCredentials.SetNoNewPrivileges();
        }

        if (result == 0 && ruleset is not null)
        {
            result = ruleset.RestrictThread();
        }

        if (result == -Errno.TooLong)
        {
            IsAtRulesetLimit = true;
            return 0;
        }

        return result;
    }

    public void Dispose() => ruleset?.Dispose();
}
