using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Optimizer;

/// <summary>A call that asks where the documents of a loop are, in the way in which a geo index knows it.</summary>
/// <param name="Call">The whole call.</param>
/// <param name="Target">What documents are compared with, as GeoJSON or [longitude, latitude].</param>
/// <param name="Probe">The call with a place that is valid instead of the document's.</param>
internal sealed record GeoCall(IndexDefinition Index, CallExpression Call, Expression Target, Expression Probe)
{
    private static readonly ConstantExpression s_zero = new(Value.FromInteger(0));
    private static readonly ConstantExpression s_place = new(Value.FromList([Value.FromInteger(0), Value.FromInteger(0)]));

    public bool IsDistance => Call.Function.Name is "DISTANCE" or "GEO_DISTANCE";

    /// <summary>Whether its result is true for some documents around the target only.</summary>
    public bool IsCondition => Call.Function.Name is "GEO_IN_RANGE" or "GEO_CONTAINS" or "GEO_INTERSECTS";

    /// <summary>Metres that limit the call's own result; null for none.</summary>
    public Expression? Radius => Call.Function.Name == "GEO_IN_RANGE" ? Call.Children[3] : null;

    /// <summary>Reads an expression; null when it is no such call, or no index fits it.</summary>
    public static GeoCall? Read(Expression expression, Variable variable, IEnumerable<IndexDefinition> indexes)
    {
        if (expression is not CallExpression { Function.Name: "DISTANCE" or "GEO_DISTANCE" or "GEO_IN_RANGE" or "GEO_CONTAINS" or "GEO_INTERSECTS" } call)
            return null;
        foreach (var index in indexes)
        {
            if ((Read(call, 0, variable, index) ?? Read(call, 1, variable, index)) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>Whether an expression can warn at no document that this call does not warn about.</summary>
    public bool IsOnlyWarningOf(Expression expression) => !expression.Rewrite(part => IsSame(part) ? s_zero : part).MayWarn;

    public bool IsSame(Expression expression) =>
        expression is CallExpression && expression.ToString() == Call.ToString() && expression.Variables().SetEquals(Call.Variables());

    /// <summary>Takes one of the two places as the document's.</summary>
    private static GeoCall? Read(CallExpression call, int place, Variable variable, IndexDefinition index)
    {
        var arguments = call.Children;
        Expression target;
        if (call.Function.Name == "DISTANCE")
        {
            var (first, other) = (2 * place, 2 - (2 * place));
            if (!Holds(index, arguments[first], arguments[first + 1], variable))
                return null;
            target = new ArrayExpression([arguments[other + 1], arguments[other]]);
            arguments = arguments.SetItem(first, s_zero).SetItem(first + 1, s_zero);
        }
        else
        {
            if (!Holds(index, arguments[place], variable))
                return null;
            target = arguments[1 - place];
            arguments = arguments.SetItem(place, s_place);
        }
        return arguments.Any(argument => argument.Uses(variable) || argument.Purity() == FunctionPurity.Volatile)
            ? null
            : new GeoCall(index, call, target, call.WithChildren(arguments));
    }

    /// <summary>Whether an expression is the geometry of which the index knows the place.</summary>
    private static bool Holds(IndexDefinition index, Expression geometry, Variable variable)
    {
        if (index.IsGeoJson)
            return Matches(geometry, variable, index.Fields[0]);
        ImmutableArray<Expression> position = geometry switch
        {
            ArrayExpression { Children.Length: 2 } pair => pair.Children,
            CallExpression { Function.Name: "GEO_POINT", Children.Length: 2 } point => point.Children,
            _ => [],
        };
        return position.Length == 2 && Holds(index, position[1], position[0], variable);
    }

    private static bool Holds(IndexDefinition index, Expression latitude, Expression longitude, Variable variable) =>
        !index.IsGeoJson && (index.Fields.Length == 2
            ? Matches(latitude, variable, index.Fields[0]) && Matches(longitude, variable, index.Fields[1])
            : MatchesItem(latitude, 0, variable, index.Fields[0]) && MatchesItem(longitude, 1, variable, index.Fields[0]));

    private static bool MatchesItem(Expression expression, long position, Variable variable, IndexField field) =>
        expression is IndexExpression { Index: ConstantExpression { Value: { IsInteger: true } index } } item
        && index.Integer == position
        && Matches(item.Target, variable, field);

    private static bool Matches(Expression expression, Variable variable, IndexField field) => AttributePath.Of(expression, variable)?.Matches(field) == true;
}
