namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>What a client does when it has sent its stream.</summary>
internal enum StreamEnd
{
    /// <summary>Sends FIN and reads to the end.</summary>
    HalfClose,

    /// <summary>Closes with a RST, whatever may be on its way.</summary>
    Reset,

    /// <summary>Closes without reading.</summary>
    Close,
}
