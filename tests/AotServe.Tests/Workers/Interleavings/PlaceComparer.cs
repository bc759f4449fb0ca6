using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>Two places are the same if they are of the same name in the same object.</summary>
internal sealed class PlaceComparer : IEqualityComparer<(object Owner, string Name)>
{
    public static PlaceComparer Instance { get; } = new();

    public bool Equals((object Owner, string Name) x, (object Owner, string Name) y) => ReferenceEquals(x.Owner, y.Owner) && x.Name == y.Name;

    public int GetHashCode((object Owner, string Name) place) => RuntimeHelpers.GetHashCode(place.Owner) ^ place.Name.GetHashCode();
}
