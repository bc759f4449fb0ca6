using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AotServe.Native;

/// <summary>Certificates and private keys (X509, EVP_PKEY) as OpenSSL reads them from PEM (RFC 7468). Any thread may call.</summary>
internal static unsafe partial class X509
{
    private const int SubjectAltName = 85; // NID_subject_alt_name
    private const int CommonName = 13; // NID_commonName
    private const int DnsName = 2; // GEN_DNS
    private const int LongestCommonName = 64;
    private const int FieldsOfTime = 14; // More than struct tm has.

    /// <summary>Reads all certificates of a file. The caller frees each.</summary>
    /// <param name="pem">The file.</param>
    /// <returns>Null: one of them cannot be read, for <see cref="OpenSsl.TakeError"/>. Empty: there is none.</returns>
    public static List<nint>? ReadCertificates(ReadOnlySpan<byte> pem)
    {
        var certificates = new List<nint>();
        int expected = pem.Count("-----BEGIN CERTIFICATE-----"u8) + pem.Count("-----BEGIN TRUSTED CERTIFICATE-----"u8);
        fixed (byte* bytes = pem)
        {
            nint bio = BIO_new_mem_buf(bytes, pem.Length);
            while (certificates.Count < expected && PEM_read_bio_X509(bio, 0, 0, 0) is { } certificate and not 0)
            {
                certificates.Add(certificate);
            }

            _ = BIO_free(bio);
        }

        if (certificates.Count == expected)
        {
            return certificates;
        }

        certificates.ForEach(Free);
        return null;
    }

    /// <summary>Reads the first private key of a file. The caller frees it. 0: there is none that can be read without a password.</summary>
    public static nint ReadPrivateKey(ReadOnlySpan<byte> pem)
    {
        fixed (byte* bytes = pem, noPassword = "\0"u8)
        {
            // With a password that is empty, OpenSSL does not ask for one at the terminal.
            nint bio = BIO_new_mem_buf(bytes, pem.Length);
            nint key = PEM_read_bio_PrivateKey(bio, 0, 0, (nint)noPassword);
            _ = BIO_free(bio);
            return key;
        }
    }

    /// <summary>Frees a certificate.</summary>
    public static void Free(nint certificate) => X509_free(certificate);

    /// <summary>Frees a key.</summary>
    public static void FreeKey(nint key) => EVP_PKEY_free(key);

    /// <summary>Whether a private key is that of a certificate.</summary>
    public static bool Matches(nint certificate, nint key) => X509_check_private_key(certificate, key) == 1;

    /// <summary>Whether one certificate's holder has issued the other, as far as names, uses and signature say.</summary>
    public static bool IsIssuedBy(nint certificate, nint issuer) =>
        X509_check_issued(issuer, certificate) == 0 && X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;

    /// <summary>A number for the kind of a certificate's key: EVP_PKEY_RSA, EVP_PKEY_EC, …</summary>
    public static int KindOfKey(nint certificate) => EVP_PKEY_get_base_id(X509_get0_pubkey(certificate));

    /// <summary>Whether a certificate's time has begun.</summary>
    public static bool HasBegun(nint certificate) => X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0;

    /// <summary>Whether a certificate's time is over.</summary>
    public static bool HasEnded(nint certificate) => X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0;

    /// <summary>When a certificate's time begins: <c>2026-01-31 12:00:00 UTC</c>.</summary>
    public static string Beginning(nint certificate) => Describe(X509_get0_notBefore(certificate));

    /// <summary>When it ends.</summary>
    public static string End(nint certificate) => Describe(X509_get0_notAfter(certificate));

    /// <summary>The host names of a certificate, in lower case: those of its subjectAltName, else its common name.</summary>
    public static List<string> Names(nint certificate)
    {
        var names = new List<string>();
        nint list = X509_get_ext_d2i(certificate, SubjectAltName, 0, 0);
        for (int i = 0; list != 0 && i < OPENSSL_sk_num(list); i++)
        {
            int type;
            nint value = GENERAL_NAME_get0_value(OPENSSL_sk_value(list, i), &type);
            if (type == DnsName)
            {
                names.Add(Lower(new ReadOnlySpan<byte>(ASN1_STRING_get0_data(value), ASN1_STRING_length(value))));
            }
        }

        if (list != 0)
        {
            GENERAL_NAMES_free(list);
            return names;
        }

        byte* text = stackalloc byte[LongestCommonName + 1];
        int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), CommonName, text, LongestCommonName + 1);
        if (length > 0)
        {
            names.Add(Lower(new ReadOnlySpan<byte>(text, length)));
        }

        return names;
    }

    private static string Lower(ReadOnlySpan<byte> name) => Encoding.ASCII.GetString(name).ToLowerInvariant();

    private static string Describe(nint time)
    {
        // struct tm begins with seconds, minutes, hours, day, month from 0, and year from 1900.
        int* fields = stackalloc int[FieldsOfTime];
        return ASN1_TIME_to_tm(time, fields) != 1
            ? "an unknown time"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{fields[5] + 1900:0000}-{fields[4] + 1:00}-{fields[3]:00} {fields[2]:00}:{fields[1]:00}:{fields[0]:00} UTC");
    }

    [LibraryImport("libcrypto")]
    private static partial nint BIO_new_mem_buf(byte* bytes, int length);

    [LibraryImport("libcrypto")]
    private static partial int BIO_free(nint bio);

    [LibraryImport("libcrypto")]
    private static partial nint PEM_read_bio_X509(nint bio, nint certificate, nint callback, nint argument);

    [LibraryImport("libcrypto")]
    private static partial nint PEM_read_bio_PrivateKey(nint bio, nint key, nint callback, nint argument);

    [LibraryImport("libcrypto")]
    private static partial void X509_free(nint certificate);

    [LibraryImport("libcrypto")]
    private static partial void EVP_PKEY_free(nint key);

    [LibraryImport("libcrypto")]
    private static partial int X509_check_private_key(nint certificate, nint key);

    [LibraryImport("libcrypto")]
    private static partial int X509_check_issued(nint issuer, nint subject);

    [LibraryImport("libcrypto")]
    private static partial int X509_verify(nint certificate, nint key);

    [LibraryImport("libcrypto")]
    private static partial nint X509_get0_pubkey(nint certificate);

    [LibraryImport("libcrypto")]
    private static partial int EVP_PKEY_get_base_id(nint key);

    [LibraryImport("libcrypto")]
    private static partial nint X509_get0_notBefore(nint certificate);

    [LibraryImport("libcrypto")]
    private static partial nint X509_get0_notAfter(nint certificate);

    [LibraryImport("libcrypto")]
    private static partial int X509_cmp_current_time(nint time);

    [LibraryImport("libcrypto")]
    private static partial int ASN1_TIME_to_tm(nint time, int* fields);

    [LibraryImport("libcrypto")]
    private static partial nint X509_get_ext_d2i(nint certificate, int extension, nint critical, nint index);

    [LibraryImport("libcrypto")]
    private static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport("libcrypto")]
    private static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport("libcrypto")]
    private static partial nint GENERAL_NAME_get0_value(nint name, int* type);

    [LibraryImport("libcrypto")]
    private static partial void GENERAL_NAMES_free(nint names);

    [LibraryImport("libcrypto")]
    private static partial byte* ASN1_STRING_get0_data(nint value);

    [LibraryImport("libcrypto")]
    private static partial int ASN1_STRING_length(nint value);

    [LibraryImport("libcrypto")]
    private static partial nint X509_get_subject_name(nint certificate);

    [LibraryImport("libcrypto")]
    private static partial int X509_NAME_get_text_by_NID(nint name, int identifier, byte* text, int length);
}
