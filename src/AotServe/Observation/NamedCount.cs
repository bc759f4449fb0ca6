namespace AotServe.Observation;

/// <summary>A figure and its name. No record: nobody compares or prints it.</summary>
internal readonly struct NamedCount(string name, long count)
{
    public string Name => name;

    public long Count => count;
}
