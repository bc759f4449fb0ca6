using System;
using System.Collections.Generic;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>The fields that every answer of a site carries, its errors included. Immutable; any thread may use it.</summary>
/// <param name="settings">What its owner sets (<c>--header</c>).</param>
/// <param name="crossOrigin">Who else's scripts may read it; null: nobody's.</param>
internal sealed class SiteFields(IReadOnlyList<FieldSetting> settings, CrossOrigin? crossOrigin)
{
    private static readonly FieldSetting NoSniff =
        FieldSetting.Parse("X-Content-Type-Options: nosniff"u8, out _) ?? throw new InvalidOperationException();

    private readonly FieldSetting[] _settings = [.. settings];

    /// <summary>Puts them on the answer.</summary>
    public void AddTo(RequestHead head, FieldOverrides overrides)
    {
        overrides.Add(NoSniff.Field, NoSniff.Value);
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
