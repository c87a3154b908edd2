using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>How well a multi-dimensional index serves the conditions on a loop: values of all prefix fields, then ranges on any of the others.</summary>
internal sealed record BoxMatch(IndexDefinition Index, ImmutableArray<Expression> EqualTo, ImmutableArray<BoxSide> Sides)
{
    /// <summary>Values that a prefix field is taken to have.</summary>
    private const double PrefixValues = 10;

    /// <summary>Documents are taken to be this many times fewer behind one limit, as they are of an <see cref="IndexMatch"/>.</summary>
    private const double LimitShare = 3;

    /// <summary>Values of conditions that may warn, whether the box is made of them or not.</summary>
    public ImmutableArray<Expression> Guards { get; init; } = [];

    public int BoundedSides => Sides.Count(side => side.IsBounded);

    /// <summary>The match, or null when the index does not help at all.</summary>
    public static BoxMatch? Find(IndexDefinition index, IReadOnlyList<IndexCondition> conditions)
    {
        if (index.IsBuilding || index.Kind != IndexKind.MultiDimensional)
            return null;
        var equalTo = ImmutableArray.CreateBuilder<Expression>();
        foreach (var field in index.Fields.Take(index.PrefixFields))
        {
            if (conditions.FirstOrDefault(condition => condition.Kind == IndexConditionKind.Equal && condition.Path.Matches(field)) is not { } equality)
                return null;
            equalTo.Add(equality.Value);
        }
        ImmutableArray<BoxSide> sides = [.. index.Fields.Skip(index.PrefixFields).Select(field => FindSide(field, conditions))];
        // A sparse index has no documents without one of the fields: the lower limits have to leave those out.
        if (index.IsSparse && sides.Any(side => side.Lower is null))
            return null;
        return sides.Any(side => side.IsBounded) ? new BoxMatch(index, equalTo.ToImmutable(), sides) : null;
    }

    /// <summary>Documents the match is expected to read, of <paramref name="documents"/>.</summary>
    public double EstimateRows(double documents)
    {
        var limits = Sides.Sum(side => (side.Lower is null ? 0 : 1) + (side.Upper is null ? 0 : 1));
        return Math.Max(1, documents / Math.Pow(PrefixValues, EqualTo.Length) / Math.Pow(LimitShare, limits));
    }

    private static BoxSide FindSide(IndexField field, IReadOnlyList<IndexCondition> conditions)
    {
        var side = BoxSide.Open;
        foreach (var condition in conditions.Where(condition => condition.Path.Matches(field)))
        {
            var limit = new IndexLimit(condition.Value, condition.IsInclusive);
            switch (condition.Kind)
            {
                case IndexConditionKind.Equal:
                    return new BoxSide(limit, limit, IsPoint: true);
                case IndexConditionKind.Lower when side.Lower is null:
                    side = side with { Lower = limit };
                    break;
                case IndexConditionKind.Upper when side.Upper is null:
                    side = side with { Upper = limit };
                    break;
            }
        }
        return side;
    }
}
