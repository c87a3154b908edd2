using System.Collections.Immutable;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>Keeps every row and adds aggregates over the rows around it.</summary>
/// <param name="RangeValue">What the frame measures by; null when it counts rows in the order they come. Rows arrive sorted by it.</param>
public sealed record WindowNode(Expression? RangeValue, WindowFrame Frame, ImmutableArray<CollectAggregate> Aggregates) : LogicalNode
{
    public override string TypeName => "WindowNode";

    public override IEnumerable<Variable> Produced => Aggregates.Select(aggregate => aggregate.Variable);

    public override IEnumerable<Expression> Expressions
    {
        get
        {
            if (RangeValue is not null)
                yield return RangeValue;
            foreach (var aggregate in Aggregates)
                yield return aggregate.Argument;
        }
    }

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with
    {
        RangeValue = RangeValue is null ? null : map(RangeValue),
        Aggregates = [.. Aggregates.Select(aggregate => aggregate with { Argument = map(aggregate.Argument) })],
    };
}
