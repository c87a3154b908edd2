using System.Diagnostics;
using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Optimizer;

/// <summary>Evaluates constant expressions while a plan is made. Anything that warns or fails is left to run time, where it is reported.</summary>
internal sealed class FoldingContext : EvaluationContext
{
    /// <summary>A folded value larger than this would sit in the plan cache for nothing.</summary>
    private const long FoldedBytesMax = 64 * 1024;

    private bool _hasWarned;

    public override TimeProvider Clock => throw new UnreachableException("Pure functions do not look at the clock.");

    public override Random Random => throw new UnreachableException("Pure functions do not draw random numbers.");

    public override string? UserName => null;

    public override string FabricName => "";

    public override IFabricReader Reader => throw new UnreachableException("Pure functions do not read documents.");

    public static bool TryEvaluate(Expression expression, out Value value)
    {
        var context = new FoldingContext();
        value = default;
        try
        {
            // Expansions write their element into its slot; a row of the largest width has room for any.
            value = expression.Evaluate(context, new Value[Binding.BindingState.SlotsMax]).Detach();
            return !context._hasWarned && value.OwnedBytes <= FoldedBytesMax;
        }
        catch (GeoFabricException)
        {
            return false;
        }
        finally
        {
            context.ReleaseBuilders();
        }
    }

    public override void Warn(ErrorCode code, string detail) => _hasWarned = true;

    public override void ThrowIfStopped()
    {
    }

    public override void ReserveMemory(long bytes)
    {
        if (bytes > FoldedBytesMax)
            throw ErrorCodes.ResourceLimit.With($"{bytes} bytes are too many for a constant");
    }
}
