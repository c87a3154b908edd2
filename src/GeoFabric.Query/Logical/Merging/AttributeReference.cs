using System.Collections.Immutable;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>A variable, or an attribute inside its value by the names on the way.</summary>
internal readonly record struct AttributeReference(Variable Root, ImmutableArray<string> Path)
{
    public AttributeReference Inner(string name) => new(Root, Path.Add(name));

    public bool IsSame(AttributeReference other) => ReferenceEquals(Root, other.Root) && Path.SequenceEqual(other.Path, StringComparer.Ordinal);

    /// <summary>Whether one of the two is, or lies inside, the other.</summary>
    public bool Overlaps(AttributeReference other)
    {
        var length = Math.Min(Path.Length, other.Path.Length);
        return ReferenceEquals(Root, other.Root) && Path.AsSpan(0, length).SequenceEqual(other.Path.AsSpan(0, length));
    }
}
