using System.Runtime.CompilerServices;
using AotServe.Http;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>The fields on every response of a site, errors included, beside the server's own. Immutable; any thread may use it.</summary>
/// <param name="settings">The fields that the site's owner sets (<c>--header</c>).</param>
/// <param name="crossOrigin">Which other sites' scripts may read responses; null: none.</param>
internal sealed class SiteFields(FieldSetting[] settings, CrossOrigin? crossOrigin)
{
    private readonly FieldSetting[] _settings = [.. settings];

    /// <summary>Adds them to a response.</summary>
    public void AddTo(RequestHead head, FieldOverrides overrides)
    {
        crossOrigin?.AddTo(head, overrides);
        if (_settings.Length == 0)
        {
            return;
        }

        overrides.StartLayer();
        foreach (FieldSetting setting in _settings)
        {
            overrides.Add(setting.Field, setting.Value);
        }
    }

    /// <summary>
    /// A page that is sent in place of another is not cached as that one would be: the fields for caches are then those of the rules for
    /// its own address, all others stay those of the address that was asked for.
    /// </summary>
    /// <param name="page">The address of the page.</param>
    /// <param name="rules">The rules; null: there are none.</param>
    /// <param name="head">The request.</param>
    /// <param name="overrides">The fields that were added before, replaced.</param>
    [SkipLocalsInit]
    public void MoveCachingTo(scoped in ResolvedPath page, HeaderRules? rules, RequestHead head, FieldOverrides overrides)
    {
        if (rules is not { AnyCaching: true })
        {
            return;
        }

        var asked = new ResolvedPath(stackalloc byte[ResolvedPath.RoomFor(head.Path)]);
        asked.Resolve(head.Path);
        overrides.Clear();
        AddTo(head, overrides);
        rules.Apply(asked.WithSlash, overrides, HeaderPart.NotCaching);
        rules.Apply(page.WithSlash, overrides, HeaderPart.Caching);
    }
}
