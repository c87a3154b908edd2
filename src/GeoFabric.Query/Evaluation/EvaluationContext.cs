using System.Diagnostics;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Evaluation;

/// <summary>
/// What evaluating an expression may touch besides its row: warnings, limits, time, randomness and the database. One object per execution,
/// used by one thread at a time.
/// </summary>
public abstract class EvaluationContext : IWorkWatch
{
    private const uint StepsBetweenChecks = 64;

    private Stack<ValueBuilder>? _builders;
    private uint _steps;

    /// <summary>The value bound to the parameter at that position of the plan's parameter list.</summary>
    public virtual Value GetParameter(int index) => throw new UnreachableException("This context has no parameters.");

    /// <summary>A builder to write one value with; give it back with <see cref="ReturnBuilder"/>. Several may be out at once.</summary>
    public ValueBuilder RentBuilder()
    {
        if (_builders is null || !_builders.TryPop(out var builder))
            return new ValueBuilder();
        builder.Reset();
        return builder;
    }

    public void ReturnBuilder(ValueBuilder builder) => (_builders ??= new()).Push(builder);

    /// <summary>Gives the pooled buffers back; the context is not used afterwards.</summary>
    protected void ReleaseBuilders()
    {
        while (_builders is not null && _builders.TryPop(out var builder))
            builder.Dispose();
    }

    /// <summary>While this is set warnings are counted and told to nobody: the caller takes them for an answer.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Warnings that came while <see cref="IsQuiet"/> was set.</summary>
    public long QuietWarnings { get; protected set; }

    /// <summary>Adds a warning; past the limit of the query warnings are only counted. With failOnWarning it throws the warning as an error.</summary>
    public abstract void Warn(ErrorCode code, string detail);

    /// <summary>Throws when the query was killed, cancelled or has run out of time. Long loops call it every few thousand steps.</summary>
    public abstract void ThrowIfStopped();

    /// <summary>
    /// A step of a loop inside of an expression. Such loops may stand in one another, and each of their steps may be a long call, so all are counted
    /// together and the end of the query is looked for often.
    /// </summary>
    public void CountStep()
    {
        if (++_steps % StepsBetweenChecks == 0)
            ThrowIfStopped();
    }

    /// <summary>Counts bytes against the memory limit of the query and throws 32 beyond it. Call it before building large values.</summary>
    public abstract void ReserveMemory(long bytes);

    /// <summary>Throws 32 when so many bytes more would be beyond the memory limit of the query; counts nothing.</summary>
    public abstract void DemandMemory(long bytes);

    /// <summary>Wall clock, injected.</summary>
    public abstract TimeProvider Clock { get; }

    /// <summary>Random source, injected; seeded in tests.</summary>
    public abstract Random Random { get; }

    /// <summary>Name of the calling user, or null when the query runs without one.</summary>
    public abstract string? UserName { get; }

    /// <summary>Attributes of the calling user: an object, or null without any.</summary>
    public virtual Value UserAttributes => default;

    /// <summary>Name of the fabric the query runs in.</summary>
    public abstract string FabricName { get; }

    /// <summary>Documents, for DOCUMENT() and its kin.</summary>
    public abstract Database.IFabricReader Reader { get; }
}
