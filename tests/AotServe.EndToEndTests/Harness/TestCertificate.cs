using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AotServe.EndToEndTests.Harness;

/// <summary>A certificate that a test makes, with its private key.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly AsymmetricAlgorithm _key;
    private readonly X509Certificate2 _certificate;

    private TestCertificate(AsymmetricAlgorithm key, X509Certificate2 certificate) => (_key, _certificate) = (key, certificate);

    /// <summary>The certificate in PEM form.</summary>
    public string Pem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>The private key in PEM form.</summary>
    public string KeyPem => _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The same, encrypted.</summary>
    public string EncryptedKeyPem => _key.ExportEncryptedPkcs8PrivateKeyPem(
        "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)) + "\n";

    /// <summary>The SHA-256 of its public key (SubjectPublicKeyInfo), in Base64, by which Chromium is told to trust it.</summary>
    public string PublicKeyHash => Convert.ToBase64String(SHA256.HashData(_certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>Its number, as openssl prints it.</summary>
    public string Serial => _certificate.SerialNumber;

    /// <summary>One that has signed itself.</summary>
    /// <param name="names">The host names.</param>
    public static TestCertificate SelfSigned(params string[] names) => Make(issuer: null, isAuthority: false, isRsa: false, -1, 30, names);

    /// <summary>One that signs others.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="issuer">Who signs it; null: itself.</param>
    public static TestCertificate Authority(string name, TestCertificate? issuer = null) => Make(issuer, isAuthority: true, isRsa: false, -1, 60, [name]);

    /// <summary>One of a server.</summary>
    /// <param name="isRsa">Whether its key is of RSA, rather than of ECDSA.</param>
    /// <param name="names">The host names.</param>
    public TestCertificate Issue(bool isRsa, params string[] names) => Make(this, isAuthority: false, isRsa, -1, 30, names);

    /// <summary>One whose time is another.</summary>
    /// <param name="from">When it begins, in days from now.</param>
    /// <param name="to">When it ends.</param>
    public TestCertificate Issue(int from, int to) => Make(this, isAuthority: false, isRsa: false, from, to, ["localhost"]);

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private static TestCertificate Make(TestCertificate? issuer, bool isAuthority, bool isRsa, int from, int to, string[] names)
    {
        AsymmetricAlgorithm key = isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedName("CN=" + names[0]);
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (!isAuthority)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            names.ToList().ForEach(alternatives.AddDnsName);
            request.CertificateExtensions.Add(alternatives.Build());
        }

        DateTimeOffset start = DateTimeOffset.UtcNow.AddDays(from);
        DateTimeOffset end = DateTimeOffset.UtcNow.AddDays(to);
        var signer = X509SignatureGenerator.CreateForECDsa((ECDsa)(issuer?._key ?? key));
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return new TestCertificate(key, request.Create(issuer?._certificate.SubjectName ?? subject, signer, start, end, serial));
    }
}
