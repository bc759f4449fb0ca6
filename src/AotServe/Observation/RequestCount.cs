using AotServe.Http;

namespace AotServe.Observation;

/// <summary>How many requests had a method and a status. No record: nobody compares or prints it.</summary>
internal readonly struct RequestCount(RequestMethod method, int status, long count)
{
    public RequestMethod Method => method;

    public int Status => status;

    public long Count => count;
}
