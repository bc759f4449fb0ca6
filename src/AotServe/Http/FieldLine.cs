namespace AotServe.Http;

/// <summary>
/// The position of one field line in the receive buffer, as offsets from the first byte of the request. The value excludes
/// the whitespace around it.
/// </summary>
internal readonly record struct FieldLine(int NameStart, int NameLength, int ValueStart, int ValueLength);
