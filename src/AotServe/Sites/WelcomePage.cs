using System;

namespace AotServe.Sites;

internal static class WelcomePage
{
    public static ReadOnlySpan<byte> SecurityPolicy => "x"u8;
    public static ReadOnlySpan<byte> Html => "x"u8;
}
