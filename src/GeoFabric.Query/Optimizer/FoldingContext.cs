using System.Buffers;
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

    /// <summary>A constant that takes longer than this many looks at the clock is computed when the query runs, where its time is limited.</summary>
    private const int LooksMax = 64;

    private bool _hasWarned;
    private int _looks;

    public override TimeProvider Clock => throw new UnreachableException("Pure functions do not look at the clock.");

    public override Random Random => throw new UnreachableException("Pure functions do not draw random numbers.");

    public override string? UserName => null;

    public override string FabricName => "";

    public override IFabricReader Reader => throw new UnreachableException("Pure functions do not read documents.");

    public static bool TryEvaluate(Expression expression, out Value value)
    {
        var context = new FoldingContext();
        value = default;
        // Expansions write their element into its slot; a row of the largest width has room for any.
        var row = ArrayPool<Value>.Shared.Rent(Binding.BindingState.SlotsMax);
        using var watch = WatchedWork.Begin(context);
        try
        {
            value = expression.Evaluate(context, row).Detach();
            return !context._hasWarned && value.OwnedBytes <= FoldedBytesMax;
        }
        catch (GeoFabricException)
        {
            return false;
        }
        finally
        {
            context.ReleaseBuilders();
            ArrayPool<Value>.Shared.Return(row, clearArray: true);
        }
    }

    public override void Warn(ErrorCode code, string detail) => _hasWarned = true;

    public override void ThrowIfStopped()
    {
        if (++_looks > LooksMax)
            throw ErrorCodes.QueryKilled.With("the constant takes too long to compute");
    }

    public override void ReserveMemory(long bytes)
    {
        if (bytes > FoldedBytesMax)
            throw ErrorCodes.ResourceLimit.With($"{bytes} bytes are too many for a constant");
    }

    public override void DemandMemory(long bytes) => ReserveMemory(bytes);
}
