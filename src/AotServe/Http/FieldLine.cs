namespace AotServe.Http;

/// <summary>
/// Where one field line lies in the receive buffer, as offsets from the first byte of the request.
/// The value is without the whitespace around it.
/// </summary>
internal readonly record struct FieldLine(int NameStart, int NameLength, int ValueStart, int ValueLength);
