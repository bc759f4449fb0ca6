using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>A page of metrics, read strictly: each line is a sample, a HELP or a TYPE, and no sample is there twice.</summary>
internal sealed class Figures
{
    private readonly Dictionary<string, double> _samples = [];

    public Figures(string page)
    {
        Assert.EndsWith("\n", page, StringComparison.Ordinal);
        foreach (string line in page[..^1].Split('\n'))
        {
            if (line.StartsWith('#'))
            {
                Comments.Add(line);
                continue;
            }

            int space = line.LastIndexOf(' ');
            double value = double.Parse(line[(space + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            Assert.True(_samples.TryAdd(line[..space], value), $"Twice: {line}");
        }
    }

    /// <summary>The lines that begin with a number sign, in their order.</summary>
    public List<string> Comments { get; } = [];

    /// <summary>The names of the samples with their labels.</summary>
    public IReadOnlyCollection<string> Names => _samples.Keys;

    /// <summary>The value of a sample without the prefix of this server; 0: there is none.</summary>
    public double this[string name] => _samples.GetValueOrDefault("aotserve_" + name);

    /// <summary>How many requests there were, of all methods and statuses.</summary>
    public double Requests => _samples.Where(sample => sample.Key.StartsWith("aotserve_requests_total{", StringComparison.Ordinal)).Sum(sample => sample.Value);

    /// <summary>How many requests had a method and a status.</summary>
    public double RequestsOf(string method, int status) => this[$"requests_total{{method=\"{method}\",status=\"{status}\"}}"];

    /// <summary>Asks for them on a connection of its own.</summary>
    public static Figures Of(int port)
    {
        using var client = new RawClient(port);
        Answer answer = client.Get("/metrics", "Connection: close");
        Assert.Equal(200, answer.Status);
        return new Figures(answer.Text);
    }
}
