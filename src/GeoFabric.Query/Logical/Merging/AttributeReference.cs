using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>A variable, or an attribute inside its value.</summary>
internal readonly record struct AttributeReference(Variable Root, MergePath Path)
{
    public AttributeReference Inner(PathSegment segment) => new(Root, Path.Inner(segment));

    public bool IsSame(AttributeReference other) => ReferenceEquals(Root, other.Root) && Path.IsSame(other.Path);
}
