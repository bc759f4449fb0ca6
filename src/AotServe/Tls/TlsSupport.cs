using System;
using System.Diagnostics.CodeAnalysis;
using AotServe.Native;

namespace AotServe.Tls;

/// <summary>Whether this executable was linked with OpenSSL, which <c>publish.sh --tls</c> does.</summary>
internal static class TlsSupport
{
    private const string Switch = "AotServe.Tls";

    /// <summary>What an option that needs TLS is answered with where there is none.</summary>
    public static string Missing => "this aotserve was built without TLS; ./publish.sh --tls builds one with it"u8.Text();

    /// <summary>
    /// Whether TLS is there. The native compiler knows the answer, and leaves out what depends on it: so every way into OpenSSL has to
    /// ask for it in the same method.
    /// </summary>
    [FeatureSwitchDefinition(Switch)]
    public static bool IsBuiltIn => AppContext.TryGetSwitch(Switch, out bool isOn) && isOn;

    /// <summary>The version of OpenSSL; null: it is not there.</summary>
    public static string? OpenSslVersion => IsBuiltIn ? OpenSsl.Version : null;
}
