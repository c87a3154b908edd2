using System.Collections.Immutable;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

public enum CollectMethod
{
    /// <summary>A hash table of groups, sorted at the end unless the order does not matter.</summary>
    Hash,


    /// <summary>No groups and nothing but a count.</summary>
    Count,
}

public sealed record CollectGroup(Variable Variable, Expression Expression);

/// <param name="Function">Aggregator.</param>
public sealed record CollectAggregate(Variable Variable, AggregateDefinition Function, Expression Argument);

/// <param name="Into">Variable of the member list, or null.</param>
/// <param name="IntoExpression">What is kept of each member: the INTO expression, or an object of the visible variables.</param>
/// <param name="IsSorted">Whether the groups come out in ascending order of their values.</param>
public sealed record CollectNode(
    ImmutableArray<CollectGroup> Groups,
    ImmutableArray<CollectAggregate> Aggregates,
    Variable? Into,
    Expression? IntoExpression,
    CollectMethod Method,
    bool IsSorted) : LogicalNode
{
    public override string TypeName => "CollectNode";

    public override IEnumerable<Variable> Produced
    {
        get
        {
            foreach (var group in Groups)
                yield return group.Variable;
            foreach (var aggregate in Aggregates)
                yield return aggregate.Variable;
            if (Into is not null)
                yield return Into;
        }
    }

    public override IEnumerable<Expression> Expressions
    {
        get
        {
            foreach (var group in Groups)
                yield return group.Expression;
            foreach (var aggregate in Aggregates)
                yield return aggregate.Argument;
            if (IntoExpression is not null)
                yield return IntoExpression;
        }
    }

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with
    {
        Groups = [.. Groups.Select(group => group with { Expression = map(group.Expression) })],
        Aggregates = [.. Aggregates.Select(aggregate => aggregate with { Argument = map(aggregate.Argument) })],
        IntoExpression = IntoExpression is null ? null : map(IntoExpression),
    };
}
