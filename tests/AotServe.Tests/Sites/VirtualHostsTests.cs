using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites;

/// <summary>Which host gets which folder.</summary>
public sealed class VirtualHostsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<FileSite> _sites = [];

    public void Dispose()
    {
        foreach (FileSite site in _sites)
        {
            site.Dispose();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("www.example.org", "www")]
    [InlineData("WWW.Example.ORG", "www")]
    [InlineData("www.example.org:8080", "www")]
    [InlineData("www.example.org.", "www")]
    [InlineData("www.example.org.:80", "www")]
    [InlineData("blog.example.org", "any")]
    [InlineData("a.b.example.org", "root")]
    [InlineData("example.org", "root")]
    [InlineData("www.example.orgs", "root")]
    [InlineData("*.example.org", "any")]
    [InlineData("[::1]", "six")]
    [InlineData("[::1]:8080", "six")]
    [InlineData("[::2]", "root")]
    [InlineData("127.0.0.1:80", "root")]
    [InlineData(".", "root")]
    public void A_host_gets_its_folder_and_another_the_root(string host, string expected)
    {
        VirtualHosts hosts = Make(root: true, strict: false);
        Assert.Equal((200, expected), Ask(hosts, host));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Strictly_or_without_a_root_an_unknown_host_is_misdirected(bool root, bool strict)
    {
        VirtualHosts hosts = Make(root, strict);
        Assert.Equal((200, "www"), Ask(hosts, "www.example.org"));
        foreach (string host in new[] { "other.example.com", "a.b.example.org", new string('a', 300) })
        {
            Assert.Equal(421, Ask(hosts, host).Status);
        }
    }

    [Fact]
    public void A_request_of_HTTP_1_0_that_names_no_host_is_for_the_root()
    {
        VirtualHosts hosts = Make(root: true, strict: false);
        Assert.NotNull(hosts.Find(""u8));
        VirtualHosts strict = Make(root: true, strict: true);
        Assert.Null(strict.Find(""u8));
    }

    [Fact]
    public void Many_hosts_are_each_found()
    {
        _folder.MakeFolder("www");
        var sites = new (string Host, IRequestHandler Site)[500];
        for (int i = 0; i < sites.Length; i++)
        {
            FileSite opened = FolderSite.Open(_folder["www"]);
            sites[i] = ($"host{i}.example", opened);
            _sites.Add(opened);
        }

        var hosts = new VirtualHosts(sites, null, strict: false);
        foreach ((string host, IRequestHandler site) in sites)
        {
            Assert.Same(site, hosts.Find(Encoding.ASCII.GetBytes(host)));
        }

        Assert.Null(hosts.Find("host500.example"u8));
    }

    [Fact]
    public void Looking_a_host_up_allocates_nothing()
    {
        VirtualHosts hosts = Make(root: true, strict: false);
        hosts.Find("blog.Example.org:80"u8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            hosts.Find("blog.Example.org:80"u8);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private VirtualHosts Make(bool root, bool strict) => new(
        [("www.example.org", Site("www")), ("*.example.org", Site("any")), ("[::1]", Site("six"))], root ? Site("root") : null, strict);

    private FileSite Site(string name)
    {
        _folder.Write(name + "/index.html", name);
        FileSite site = FolderSite.Open(_folder[name]);
        _sites.Add(site);
        return site;
    }

    private static (int Status, string Text) Ask(IRequestHandler site, string host)
    {
        var answer = SiteAnswer.To(site, "GET", $"http://{host}/");
        return (answer.Status, answer.Text);
    }
}
