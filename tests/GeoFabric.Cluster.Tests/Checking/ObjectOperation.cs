using System.Globalization;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>What an operation does to its object; which ones there are depends on the model.</summary>
internal enum ObjectAction
{
    Read,
    Write,
    CompareAndSet,

    /// <summary>Reads and writes a register in one step.</summary>
    Exchange,

    /// <summary>Adds an amount to a counter, or an element to a set.</summary>
    Add,

    Remove,
    Contains,
}

/// <summary>An operation on one object as its client saw it. One JSON line of a <see cref="HistoryFile"/> holds one.</summary>
internal sealed record ObjectOperation
{
    public required string Client { get; init; }

    /// <summary>The object.</summary>
    public required string Key { get; init; }

    public required ObjectAction Action { get; init; }

    /// <summary>The value to write, the amount or the element.</summary>
    public string? Argument { get; init; }

    /// <summary>The value that <see cref="ObjectAction.CompareAndSet"/> asks for; <see langword="null"/> is an absent register.</summary>
    public string? Expected { get; init; }

    /// <summary>The answer of an acknowledged operation, in the form its model gives. A refusal that the object's state caused is an answer, not a failure.</summary>
    public string? Result { get; init; }

    /// <summary>True time since the run began.</summary>
    public required TimeSpan Call { get; init; }

    public required TimeSpan Return { get; init; }

    public required TransactionOutcome Outcome { get; init; }

    /// <summary>The request's id, the same for its retries.</summary>
    public string? RequestId { get; init; }

    public override string ToString()
    {
        var arguments = string.Join(" -> ", new[] { Expected, Argument }.OfType<string>());
        var answer = Outcome == TransactionOutcome.Ok ? $" = {Result ?? "none"}" : $" {Outcome.ToString().ToLowerInvariant()}";
        return string.Create(CultureInfo.InvariantCulture, $"[{Call.TotalSeconds:0.000###}..{Return.TotalSeconds:0.000###} s] {RequestId ?? Client} {Action}({arguments}){answer}");
    }
}
