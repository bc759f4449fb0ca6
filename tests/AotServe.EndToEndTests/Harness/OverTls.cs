using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace AotServe.EndToEndTests.Harness;

/// <summary>
/// Whether the tests of this process speak TLS: with <c>AOTSERVE_TEST_TLS=1</c> every server of theirs gets a certificate, and every
/// <see cref="RawClient"/> by TCP makes a handshake first.
/// </summary>
internal static class OverTls
{
    /// <summary>The variable.</summary>
    public const string Variable = "AOTSERVE_TEST_TLS";

    private static readonly Lazy<CertificateFolder> Files = new(() => new CertificateFolder(), LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Whether it is so.</summary>
    public static bool IsOn { get; } = System.Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>What a server gets in its environment, which a shell or another program in front of it hands on.</summary>
    public static IReadOnlyDictionary<string, string> Environment => !IsOn
        ? new Dictionary<string, string>()
        : new Dictionary<string, string> { ["AOTSERVE_TLS_CERT"] = Files.Value.CertificateFile, ["AOTSERVE_TLS_KEY"] = Files.Value.KeyFile };

    /// <summary>Why no server with TLS can be published here; null: it can.</summary>
    public static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "TLS is there for Linux only";
        }

        using Process gcc = Process.Start(new ProcessStartInfo("gcc", "-print-file-name=libssl.a") { RedirectStandardOutput = true })!;
        string path = gcc.StandardOutput.ReadToEnd().Trim();
        gcc.WaitForExit();
        return Path.IsPathRooted(path) ? null : "OpenSSL's static libraries (libssl-dev) are not installed";
    }

    private sealed class CertificateFolder
    {
        // Of the whole run; nobody disposes of it before the process ends.
        private readonly TemporaryFolder _folder = new();

        public CertificateFolder()
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => _folder.Dispose();
            using var certificate = TestCertificate.SelfSigned("localhost");
            CertificateFile = _folder.Write("cert.pem", certificate.Pem);
            KeyFile = _folder.Write("key.pem", certificate.KeyPem);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        public string CertificateFile { get; }

        public string KeyFile { get; }
    }
}
