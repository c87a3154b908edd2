using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>The names from a document's root to one of its attributes.</summary>
public sealed record MergePath(ImmutableArray<PathSegment> Segments)
{
    private readonly string[]? _names = Segments.All(segment => segment.Name is not null) ? [.. Segments.Select(segment => segment.Name!)] : null;

    public static MergePath Root { get; } = new([]);

    public bool IsRoot => Segments.Length == 0;

    public bool IsKey => Segments is [{ Name: "_key" }];

    public MergePath Inner(PathSegment segment) => new(Segments.Add(segment));

    public bool IsSame(MergePath other)
    {
        if (Segments.Length != other.Segments.Length)
            return false;
        for (var i = 0; i < Segments.Length; i++)
        {
            if (!Segments[i].IsSame(other.Segments[i]))
                return false;
        }
        return true;
    }

    /// <summary>Whether in some row one of the two is, or lies inside, the other.</summary>
    public bool MayOverlap(MergePath other)
    {
        for (var i = 0; i < Math.Min(Segments.Length, other.Segments.Length); i++)
        {
            if (!Segments[i].MayBe(other.Segments[i]))
                return false;
        }
        return true;
    }

    /// <returns>Null when a computed name is none in this row, or is that of a system attribute.</returns>
    public string[]? Evaluate(EvaluationContext context, Span<Value> row)
    {
        if (_names is not null)
            return _names;
        var names = new string[Segments.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (Segments[i].Evaluate(context, row) is not { } name || (i == 0 && IsSystem(name)))
                return null;
            names[i] = name;
        }
        return names;
    }

    /// <summary>Whether a root attribute of that name belongs to the database.</summary>
    public static bool IsSystem(string name) => name is "_key" or "_id" or "_rev";

    public override string ToString() =>
        string.Concat(Segments.Select((segment, i) => i > 0 && segment.Name is not null ? "." + segment : segment.ToString()));
}
