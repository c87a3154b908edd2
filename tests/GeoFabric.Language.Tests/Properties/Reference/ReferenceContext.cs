using System.Globalization;
using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>What functions of the catalogue need to run outside of the engine; counts warnings by number.</summary>
internal sealed class ReferenceContext : EvaluationContext
{
    /// <summary>Steps after which a query is too long for the plain evaluator, and not compared.</summary>
    private const int StepsMax = 100_000;

    private readonly SortedDictionary<int, int> _warnings = [];
    private int _steps;

    public string Warnings => string.Join(' ', _warnings.Select(warning => string.Create(CultureInfo.InvariantCulture, $"{warning.Key}x{warning.Value}")));

    public override TimeProvider Clock => throw new NotSupportedException("a reference query looks at the clock");

    public override Random Random => throw new NotSupportedException("a reference query draws random numbers");

    public override string? UserName => "root";

    public override string FabricName => "_system";

    public override IFabricReader Reader => throw new NotSupportedException("a function of a reference query reads documents");

    public void Warn(ErrorCode code) => Warn(code, "");

    public override void Warn(ErrorCode code, string detail) => _warnings[code.Number] = _warnings.GetValueOrDefault(code.Number) + 1;

    public override void ThrowIfStopped()
    {
    }

    public override void ReserveMemory(long bytes)
    {
    }

    public override void DemandMemory(long bytes)
    {
    }

    public Value Call(string name, params Value[] arguments)
    {
        if (!FunctionCatalog.TryGet(name, out var function) || arguments.Length < function.MinArguments || arguments.Length > function.MaxArguments)
            throw new NotSupportedException($"the function {name} with {arguments.Length} arguments");
        return function.Body(new FunctionCall(function.Name, arguments, this));
    }

    public void Step()
    {
        if (++_steps > StepsMax)
            throw new NotSupportedException("a query of so many steps");
    }
}
