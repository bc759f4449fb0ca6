using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace AotServe.EndToEndTests.Harness;

/// <summary>A response as it came over the wire.</summary>
/// <param name="Version">Such as <c>HTTP/1.1</c>.</param>
/// <param name="Status">The status code.</param>
/// <param name="Fields">The field lines in their order.</param>
/// <param name="Body">The content, without its framing.</param>
internal sealed record Answer(string Version, int Status, IReadOnlyList<(string Name, string Value)> Fields, byte[] Body)
{
    /// <summary>The value of the one field line of that name; null if there is none; more than one is an error.</summary>
    public string? this[string name] =>
        Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).SingleOrDefault();

    /// <summary>The content as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Whether the server says that it closes the connection.</summary>
    public bool Closes => string.Equals(this["Connection"], "close", StringComparison.OrdinalIgnoreCase);
}
