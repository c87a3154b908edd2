using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>COLLECT: groups, aggregates, and the new scope that replaces all variables of the level.</summary>
internal sealed class CollectBinder(BindingState state, ExpressionBinder expressions)
{
    public Scope Bind(CollectSyntax collect, Scope scope, ImmutableArray<LogicalNode>.Builder nodes)
    {
        var after = new Scope(scope.Parent) { IsInsideLoop = scope.IsInsideLoop };
        var groups = ImmutableArray.CreateBuilder<CollectGroup>();
        foreach (var group in collect.Groups)
        {
            var expression = expressions.Bind(group.Expression, scope);
            groups.Add(new CollectGroup(Declare(group.Variable, group.Span, scope, after), expression));
        }
        var aggregates = ImmutableArray.CreateBuilder<CollectAggregate>();
        foreach (var aggregate in collect.Aggregates)
            aggregates.Add(BindAggregate(aggregate, collect, scope, after));
        if (collect.CountInto is not null)
        {
            AggregateCatalog.TryGet("COUNT", out var count);
            aggregates.Add(new CollectAggregate(Declare(collect.CountInto, collect.Span, scope, after), count!, ConstantExpression.True));
        }
        Expression? intoExpression = null;
        Variable? into = null;
        if (collect.Into is not null)
        {
            intoExpression = BindInto(collect, scope);
            into = Declare(collect.Into, collect.Span, scope, after);
        }
        var isSorted = new OptionsBinder(state, expressions, "COLLECT").ReadCollectOptions(collect.Options);
        var method = groups.Count == 0 && into is null && collect.CountInto is not null && aggregates.Count == 1 ? CollectMethod.Count : CollectMethod.Hash;
        nodes.Add(new CollectNode(groups.ToImmutable(), aggregates.ToImmutable(), into, intoExpression, method, isSorted && groups.Count > 0));
        return after;
    }

    private Variable Declare(string name, SourceSpan span, Scope before, Scope after)
    {
        // The level's own variables end here, so only those of the levels around it can be in the way; but a name used by the
        // level before COLLECT is refused as well, because clients expect 1511 for it.
        if (before.TryFind(name, out _) && name is not ("OLD" or "NEW"))
            throw ErrorCodes.VariableRedeclared.With($"'{name}' {state.Text.Where(span)} already stands for another value here");
        var variable = QueryBinder.Declare(state, name, span, after);
        after.Listed.Add(variable);
        return variable;
    }

    private CollectAggregate BindAggregate(AggregateSyntax aggregate, CollectSyntax collect, Scope scope, Scope after)
    {
        var (function, argument) = ReadAggregate(state, aggregate);
        RefuseOwnNames(argument, collect, scope, ErrorCodes.VariableNameUnknown);
        var bound = expressions.Bind(argument, scope);
        return new CollectAggregate(Declare(aggregate.Variable, aggregate.Span, scope, after), function, bound);
    }

    /// <summary>The function and the argument of an aggregate, which must be a direct call of an aggregate function.</summary>
    public static (AggregateDefinition Function, ExpressionSyntax Argument) ReadAggregate(BindingState state, AggregateSyntax aggregate)
    {
        if (aggregate.Expression is not CallSyntax call || !AggregateCatalog.TryGet(call.Name, out var function))
        {
            if (aggregate.Expression is CallSyntax other && !other.Name.Contains("::", StringComparison.Ordinal))
                ExpressionBinder.FindFunction(state, other);
            throw ErrorCodes.InvalidAggregateExpression.With(
                $"{state.Text.Where(aggregate.Expression.Span)}: AGGREGATE takes a direct call of one of {string.Join(", ", AggregateCatalog.All.Select(a => a.Name))}");
        }
        if (call.Arguments.Length != 1)
            throw ErrorCodes.FunctionArgumentCountMismatch.With($"invalid number of arguments for function '{call.Name}()', expected number of arguments: minimum: 1, maximum: 1");
        return (function, call.Arguments[0]);
    }

    private Expression BindInto(CollectSyntax collect, Scope scope)
    {
        if (collect.IntoExpression is not null)
        {
            RefuseOwnNames(collect.IntoExpression, collect, scope, ErrorCodes.QueryParse);
            return expressions.Bind(collect.IntoExpression, scope);
        }
        var members = new List<Variable>();
        if (collect.Keep.IsDefault)
        {
            members.AddRange(scope.IsInsideLoop ? scope.Listed : [.. scope.Listed, .. scope.Unlooped]);
        }
        else
        {
            foreach (var name in collect.Keep)
            {
                if (!scope.TryFind(name.Name, out var variable))
                    throw ErrorCodes.VariableNameUnknown.With($"'{name.Name}' {state.Text.Where(name.Span)} after KEEP");
                members.Add(variable);
            }
        }
        return new ObjectExpression([.. members.Select(member =>
            ((Expression)new ConstantExpression(Value.FromString(member.Name)), (Expression)new VariableExpression(member)))]);
    }

    /// <summary>Aggregates and INTO see the rows before the groups: the names the COLLECT makes do not exist for them.</summary>
    private void RefuseOwnNames(ExpressionSyntax syntax, CollectSyntax collect, Scope scope, ErrorCode code)
    {
        foreach (var name in SyntaxNames.In(syntax))
        {
            if (!scope.TryFind(name.Name, out _)
                && (collect.Groups.Any(group => group.Variable == name.Name) || collect.Aggregates.Any(aggregate => aggregate.Variable == name.Name)))
                throw SyntaxErrors.At(code, state.Text, name.Span.Start, $"'{name.Name}' is made by the same COLLECT and not known inside it,");
        }
    }
}
