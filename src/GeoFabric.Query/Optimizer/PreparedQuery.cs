using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Binding;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>A query bound and optimized against one catalog; shared by all executions that the plan fits.</summary>
public sealed class PreparedQuery(BoundQuery bound, OptimizedPlan optimized)
{
    private readonly byte[][] _parameterNames = [.. bound.Parameters.Select(Encoding.UTF8.GetBytes)];

    public BoundQuery Bound => bound;

    public LogicalPlan Plan => optimized.Plan;

    /// <summary>Width of the plan's rows.</summary>
    public int SlotCount => optimized.SlotCount;

    public OptimizedPlan Optimized => optimized;

    public bool IsModification { get; } = optimized.Plan.IsModification;

    /// <summary>Values of the parameters in the order of <see cref="BoundQuery.Parameters"/>, after the check for missing and superfluous ones.</summary>
    public Value[] ReadParameters(Value bindVars)
    {
        BindParameterCheck.Check(bindVars, bound.DeclaredParameters);
        if (_parameterNames.Length == 0)
            return [];
        var values = new Value[_parameterNames.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = bindVars.GetAttribute(_parameterNames[i]);
        return values;
    }
}
