using System.Collections.Generic;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>The fields on every response of a site, errors included, beside the server's own. Immutable; any thread may use it.</summary>
/// <param name="settings">The fields that the site's owner sets (<c>--header</c>).</param>
/// <param name="crossOrigin">Which other sites' scripts may read responses; null: none.</param>
internal sealed class SiteFields(IReadOnlyList<FieldSetting> settings, CrossOrigin? crossOrigin)
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
}
