using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>How well one index serves the conditions on a loop: equalities on its first fields, then at most one range.</summary>
internal sealed record IndexMatch(
    IndexDefinition Index,
    ImmutableArray<IndexEquality> Equalities,
    IndexLimit? Lower,
    IndexLimit? Upper,
    ImmutableArray<Expression> Covered)
{
    /// <summary>The condition the limits come from, when it is one on a prefix.</summary>
    public IndexCondition? Prefix { get; init; }

    /// <summary>The match, or null when the index does not help at all.</summary>
    public static IndexMatch? Find(CollectionDefinition collection, IndexDefinition index, IReadOnlyList<IndexCondition> conditions)
    {
        if (index.IsBuilding || index.Kind is IndexKind.Ttl or IndexKind.Geo or IndexKind.MultiDimensional or IndexKind.Vector or IndexKind.Inverted)
            return null;
        var equalities = ImmutableArray.CreateBuilder<IndexEquality>();
        var covered = ImmutableArray.CreateBuilder<Expression>();
        // A sparse index may fall back to a scan at run time, and array indexes find candidates only: their filters stay.
        var isExact = !index.IsSparse && !index.Fields.Any(field => field.IsExpanded);
        IndexLimit? lower = null;
        IndexLimit? upper = null;
        IndexCondition? prefix = null;
        foreach (var field in index.Fields)
        {
            if (FindEquality(collection, index, field, conditions) is { } equality)
            {
                equalities.Add(new IndexEquality(equality.Value, equality.Kind == IndexConditionKind.In));
                Cover(equality, covered);
                continue;
            }
            // The entries of edge indexes do not sort as texts do.
            if (!field.IsExpanded && index.Kind != IndexKind.Edge)
                (lower, upper, prefix) = FindLimits(index, field, conditions, covered);
            break;
        }
        // A document whose array is empty or missing has no entry, so the index finds all candidates only where an item is looked for.
        if (index.Fields.Skip(equalities.Count).Any(field => field.IsExpanded))
            return null;
        return equalities.Count == 0 && lower is null && upper is null
            ? null
            : new IndexMatch(index, equalities.ToImmutable(), lower, upper, isExact ? covered.ToImmutable() : []) { Prefix = prefix };
    }

    /// <summary>A condition that may warn or fail stays as a filter, so that this happens as often as without the index.</summary>
    private static void Cover(IndexCondition condition, ImmutableArray<Expression>.Builder covered)
    {
        if (!condition.Value.MayWarn)
            covered.Add(condition.Filter);
    }

    private static IndexCondition? FindEquality(CollectionDefinition collection, IndexDefinition index, IndexField field, IReadOnlyList<IndexCondition> conditions)
    {
        IndexCondition? membership = null;
        foreach (var condition in conditions)
        {
            if (index.Kind == IndexKind.Primary && condition.Kind is IndexConditionKind.Equal or IndexConditionKind.In && condition.Path is { ExpansionAt: < 0, Segments: ["_id"] })
                return condition with { Value = new DocumentKeyOfExpression(condition.Value, collection.Name) };
            if (condition.Kind == IndexConditionKind.Equal && condition.Path.Matches(field))
                return condition;
            if ((condition.Kind == IndexConditionKind.In && condition.Path.Matches(field)) || (condition.Kind == IndexConditionKind.Contained && condition.Path.MatchesItems(field)))
                membership ??= condition;
        }
        return membership;
    }

    private static (IndexLimit? Lower, IndexLimit? Upper, IndexCondition? Prefix) FindLimits(
        IndexDefinition index, IndexField field, IReadOnlyList<IndexCondition> conditions, ImmutableArray<Expression>.Builder covered)
    {
        IndexLimit? lower = null;
        IndexLimit? upper = null;
        foreach (var condition in conditions)
        {
            if (!condition.Path.Matches(field))
                continue;
            if (condition.Kind == IndexConditionKind.Lower && lower is null)
            {
                lower = new IndexLimit(condition.Value, condition.IsInclusive);
                Cover(condition, covered);
            }
            else if (condition.Kind == IndexConditionKind.Upper && upper is null)
            {
                upper = new IndexLimit(condition.Value, condition.IsInclusive);
                Cover(condition, covered);
            }
        }
        if (lower is not null || upper is not null || index.Kind == IndexKind.Primary)
            return (lower, upper, null);
        // A sparse index lacks the nulls to warn about.
        var prefix = conditions.FirstOrDefault(condition =>
            condition.Kind == IndexConditionKind.Prefix && condition.Path.Matches(field) && !(index.IsSparse && condition.WarnsOfOtherTypes));
        if (prefix is null)
            return (null, null, null);
        var isPattern = prefix.Filter is PatternExpression;
        return (
            new IndexLimit(new PrefixExpression(prefix.Value, isPattern, isUpper: false), true),
            new IndexLimit(new PrefixExpression(prefix.Value, isPattern, isUpper: true), true),
            prefix);
    }
}
