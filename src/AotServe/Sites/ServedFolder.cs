using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>
/// A folder that is served, whichever folder is at its path: when a link is switched, or another folder is renamed into its place,
/// that one is served within about a second. The requests that are being answered end with the folder that they began with.
/// </summary>
internal sealed class ServedFolder : IRequestHandler, IDisposable
{
    /// <summary>How long a site that was replaced may be in use by who began with it, ms. Who takes longer finds nothing more.</summary>
    private const long RetiredFor = 5_000;

    private readonly string _path;
    private readonly FileSiteOpener _open;
    private readonly Action<string> _report;
    private readonly Lock _checking = new();
    private readonly Queue<RetiredSite> _retired = new();
    private volatile FileSite _site;
    private volatile string? _absence;
    private bool _awaitsRules;

    private ServedFolder(string path, FileSite site, FileSiteOpener open, Action<string> report) =>
        (_path, _site, _open, _report) = (path, site, open, report);

    /// <summary>The path of the folder.</summary>
    public string Folder => _path;

    /// <summary>The site of the folder that is served now.</summary>
    public FileSite Site => _site;

    /// <summary>
    /// Why what is at the path is not served, in one line with the way out; null: it is. Then requests get what can still be read
    /// of the folder from before.
    /// </summary>
    public string? Absence => _absence;

    /// <summary>Opens a folder and reads its rules.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="open">Opens it, now and whenever another folder is there.</param>
    /// <param name="report">Called with one line whenever something is different at the path.</param>
    /// <param name="folder">The folder, owned by the caller.</param>
    /// <param name="error">Why it cannot be served.</param>
    public static bool TryOpen(
        string path,
        FileSiteOpener open,
        Action<string> report,
        [NotNullWhen(true)] out ServedFolder? folder,
        [NotNullWhen(false)] out string? error)
    {
        folder = null;
        if (!open(path, out FileSite? site, out error))
        {
            return false;
        }

        if (!site.TryReadRules(out error))
        {
            site.Dispose();
            return false;
        }

        folder = new ServedFolder(path, site, open, report);
        return true;
    }

    public BodyUse UseOfBody(RequestHead head) => _site.UseOfBody(head);

    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response) => _site.Answer(head, body, response);

    /// <summary>
    /// Looks at what is at the path, and gives back memory that is not needed any more. Called about once a second, by any thread,
    /// with the time as <see cref="Environment.TickCount64"/>.
    /// </summary>
    public void Sweep(long now)
    {
        Check(now);
        _site.Sweep(now);
    }

    /// <summary>Reads the rules of what is at the path now. See <see cref="FileSite.TryReadRules"/>.</summary>
    public bool TryReadRules([NotNullWhen(false)] out string? error)
    {
        Check(Environment.TickCount64);
        error = _absence;
        return error is null && _site.TryReadRules(out error);
    }

    public void Dispose()
    {
        lock (_checking)
        {
            SweepRetired(long.MaxValue);
            _site.Dispose();
        }
    }

    private void Check(long now)
    {
        // Whoever is second finds the work done.
        if (!_checking.TryEnter())
        {
            return;
        }

        try
        {
            SweepRetired(now);

            switch (_site.Presence)
            {
                case RootPresence.Same:
                    TellBack();
                    ReadRulesThatCame();
                    break;
                case RootPresence.Gone:
                    TellAbsence(_path + " is gone; put a folder there, and it is served"u8.Text());
                    break;
                default:
                    TakeAnother(now);
                    break;
            }
        }
        finally
        {
            _checking.Exit();
        }
    }

    private void SweepRetired(long now)
    {
        for (int left = _retired.Count; left > 0; left--)
        {
            RetiredSite retired = _retired.Dequeue();
            retired.Site.Sweep(now);
            if (now < retired.Until)
            {
                _retired.Enqueue(retired);
            }
            else
            {
                retired.Site.Close();
            }
        }
    }

    private void TakeAnother(long now)
    {
        if (!TryOpenAnother(out FileSite? another, out string? why))
        {
            TellAbsence($"{_path} is another folder now, {why}");
            return;
        }

        FileSite before = _site;
        _site = another;
        _absence = null;
        _awaitsRules = true;
        before.Retire();
        _retired.Enqueue(new RetiredSite(before, now + RetiredFor));
        _report($"{_path} is another folder now, which is served, with {another.RulesSummary}");
    }

    private bool TryOpenAnother([NotNullWhen(true)] out FileSite? another, [NotNullWhen(false)] out string? why)
    {
        if (!_open(_path, out another, out why))
        {
            why = "and the one from before is still served: " + why;
            return false;
        }

        if (!another.MayBeRead)
        {
            why = "which permissions or the sandbox do not let this server read; restart it, or start it with --no-sandbox"u8.Text();
        }
        else if (!another.TryReadRules(out why))
        {
            why = "and the one from before is still served: " + why;
        }

        if (why is null)
        {
            return true;
        }

        another.Retire();
        another.Close();
        return false;
    }

    /// <summary>A folder that is being filled may get its rules after it was taken.</summary>
    private void ReadRulesThatCame()
    {
        if (!_awaitsRules || !_site.HasRuleFiles)
        {
            return;
        }

        _awaitsRules = false;
        if (!_site.HasRules)
        {
            _report(_site.TryReadRules(out string? error) ? $"{_path}: {_site.RulesSummary} came later" : error);
        }
    }

    private void TellAbsence(string why)
    {
        if (_absence != why)
        {
            _absence = why;
            _report(why);
        }
    }

    private void TellBack()
    {
        if (_absence is not null)
        {
            _absence = null;
            _report($"{_path} is back");
        }
    }

    /// <summary>A site that was replaced, and the time until which it is swept.</summary>
    private sealed class RetiredSite(FileSite site, long until)
    {
        public FileSite Site => site;

        public long Until => until;
    }
}
