using System.Collections.Immutable;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>
/// How many documents an index is expected to find. Values that the query says are looked up in the index itself or its histogram; those that are known
/// only when it runs (parameters, other documents) count like the average value.
/// </summary>
internal static class IndexEstimate
{
    /// <summary>So many ranges of lists are looked up; of longer lists some stand for all.</summary>
    private const int RangesMax = 16;

    /// <summary>Items of a list that is not known yet.</summary>
    private const double UnknownItems = 5;

    /// <summary>What a limit leaves of values that nothing is known about.</summary>
    private const double LimitShare = 1.0 / 3;

    /// <returns>From 1 to the number of documents.</returns>
    public static double Rows(
        IFabricReader reader, CollectionDefinition collection, IndexDefinition index, ImmutableArray<IndexEquality> equalities, IndexLimit? lower, IndexLimit? upper)
    {
        double documents = reader.EstimateDocuments(collection);
        var known = 0;
        var ranges = new List<ImmutableArray<Value>> { ImmutableArray<Value>.Empty };
        var rangesFor = 1.0;
        for (; known < equalities.Length && TryRead(equalities[known].Value, out var value) && (!equalities[known].IsIn || value.IsArray); known++)
        {
            var items = equalities[known].IsIn ? Distinct(value) : [value];
            ranges = [.. from range in ranges from item in items select range.Add(item)];
            rangesFor *= Thin(ranges);
        }
        IndexBound? from = null, to = null;
        if (known == equalities.Length)
            (from, to) = (Bound(lower), Bound(upper));
        if (known == 0 && from is null && to is null)
            return Clamp(documents * Average(reader, collection, index, documents, equalities.AsSpan()) * Limits(lower, upper));

        var rows = 0.0;
        foreach (var range in ranges)
        {
            rows += reader.EstimateEntries(collection, index, new IndexRange(range, from, to))
                ?? documents * Math.Pow(Average(reader, collection, index, documents), known) * Limits(from, to);
        }
        rows *= rangesFor * Average(reader, collection, index, documents, equalities.AsSpan()[known..]);
        return Clamp(rows * Limits(from is null ? lower : null, to is null ? upper : null));

        double Clamp(double estimate) => Math.Max(1, Math.Min(estimate, documents));
    }

    /// <summary>The share of the documents that a field's average value has. Fields are taken to divide them evenly: of two with 100 values together, each has 10.</summary>
    private static double Average(IFabricReader reader, CollectionDefinition collection, IndexDefinition index, double documents) =>
        Math.Pow(Math.Max(1, documents * reader.EstimateSelectivity(collection, index)), -1.0 / index.Fields.Length);

    private static double Average(IFabricReader reader, CollectionDefinition collection, IndexDefinition index, double documents, ReadOnlySpan<IndexEquality> unknown)
    {
        var share = 1.0;
        foreach (var equality in unknown)
            share *= Average(reader, collection, index, documents) * (equality.IsIn ? Items(equality.Value) : 1);
        return share;
    }

    private static double Items(Expression list) => list is ArrayExpression array ? array.Children.Length : TryRead(list, out var value) && value.IsArray ? value.Items.Count : UnknownItems;

    private static double Limits(object? lower, object? upper) => (lower is null ? 1 : LimitShare) * (upper is null ? 1 : LimitShare);

    /// <summary>Leaves some of too many ranges.</summary>
    /// <returns>How many each one that is left stands for.</returns>
    private static double Thin(List<ImmutableArray<Value>> ranges)
    {
        var all = ranges.Count;
        if (all <= RangesMax)
            return 1;
        var kept = Enumerable.Range(0, RangesMax).Select(i => ranges[(int)((long)i * all / RangesMax)]).ToList();
        ranges.Clear();
        ranges.AddRange(kept);
        return (double)all / RangesMax;
    }

    private static List<Value> Distinct(Value list)
    {
        var items = new HashSet<Value>();
        foreach (var item in list.Items)
            items.Add(item);
        return [.. items];
    }

    private static IndexBound? Bound(IndexLimit? limit) => limit is not null && TryRead(limit.Value, out var value) ? new IndexBound(value, limit.IsInclusive) : null;

    private static bool TryRead(Expression expression, out Value value)
    {
        value = default;
        if (expression is ConstantExpression constant)
        {
            value = constant.Value;
            return true;
        }
        return expression.Children.Length > 0 && expression.Children.All(child => child is ConstantExpression)
            && expression.Purity() == Builtins.FunctionPurity.Pure && FoldingContext.TryEvaluate(expression, out value);
    }
}
