using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>
/// <c>target[*]</c>: walks an array, flattened by <paramref name="depth"/> - 1 levels first; each element passes the filter and the limit and
/// becomes the projection. What is no array gives [].
/// </summary>
/// <param name="element">The variable of CURRENT and of the tail.</param>
public sealed class ExpansionExpression(
    Expression target, int depth, Variable element, Expression? filter, Expression? offset, Expression? count, Expression? projection) : Expression
{
    public Expression Target => target;

    public override Variable? Element => element;

    /// <summary>The attributes that a plain <c>[*].a.b</c> reads of each element.</summary>
    /// <returns>False when there is a filter, a limit or anything but attributes.</returns>
    public bool TryGetTail(out ImmutableArray<string> names)
    {
        names = [];
        if (depth != 1 || filter is not null || count is not null)
            return false;
        var part = projection;
        for (; part is AttributeExpression attribute; part = attribute.Target)
            names = names.Insert(0, attribute.Name);
        return part is null || (part is VariableExpression reference && ReferenceEquals(reference.Variable, element));
    }

    public override ImmutableArray<Expression> Children
    {
        get
        {
            var children = ImmutableArray.CreateBuilder<Expression>();
            children.Add(target);
            foreach (var optional in (ReadOnlySpan<Expression?>)[filter, offset, count, projection])
            {
                if (optional is not null)
                    children.Add(optional);
            }
            return children.ToImmutable();
        }
    }

    public override Expression WithChildren(ImmutableArray<Expression> children)
    {
        var next = 1;
        return new ExpansionExpression(
            children[0],
            depth,
            element,
            filter is null ? null : children[next++],
            offset is null ? null : children[next++],
            count is null ? null : children[next++],
            projection is null ? null : children[next]);
    }

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var array = target.Evaluate(context, row);
        if (!array.IsArray)
            return Value.EmptyArray;
        var skip = offset is null ? 0 : Casts.ToInteger(offset.Evaluate(context, row));
        var take = count is null ? long.MaxValue : Casts.ToInteger(count.Evaluate(context, row));
        if (skip < 0 || take < 0)
            return Value.EmptyArray;
        var results = new ValueListWriter(context, count is null && filter is null ? array.Items.Count : 4);
        Walk(context, row, array, depth - 1, ref results, ref skip, ref take);
        return results.ToValue();
    }

    private bool Walk(EvaluationContext context, Span<Value> row, Value array, int levels, ref ValueListWriter results, ref long skip, ref long take)
    {
        foreach (var item in array.Items)
        {
            if (levels > 0 && item.IsArray)
            {
                if (!Walk(context, row, item, levels - 1, ref results, ref skip, ref take))
                    return false;
                continue;
            }
            if (take <= 0)
                return false;
            context.CountStep();
            row[element.Slot] = item;
            if (filter is not null && !filter.Evaluate(context, row).IsTruthy)
                continue;
            if (skip > 0)
            {
                skip--;
                continue;
            }
            row[element.Slot] = item;
            results.Add(projection is null ? item : projection.Evaluate(context, row));
            take--;
        }
        return true;
    }

    public override string ToString()
    {
        var inline = (filter is null ? "" : $" FILTER {filter}")
            + (count is null ? "" : offset is null ? $" LIMIT {count}" : $" LIMIT {offset}, {count}")
            + (projection is null ? "" : $" RETURN {projection}");
        return $"{target}[{new string('*', depth)}{inline}]";
    }
}
