using System.Diagnostics;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Benchmarks.Query;

/// <summary>
/// What compiling expressions could gain at most (docs/adr/0018): the same conditions evaluated by their trees and by functions written by hand as a
/// compiler would write them, over the documents of a scan and over documents that lie in the processor's cache.
/// </summary>
internal static class ExpressionFigures
{
    public const string Name = "expressions";

    private const int Rounds = 9;

    private delegate bool Compiled(EvaluationContext context, Span<Value> row);

    public static async Task PrintAsync(TextWriter output, FabricDatabase fabric, AccessScope scope)
    {
        Value twenty = Value.FromInteger(20), one = Value.FromInteger(1), ten = Value.FromInteger(10), thousand = Value.FromInteger(1000), zip = Value.FromInteger(12345);
        var names = new byte[][] { "gender"u8.ToArray(), "qty"u8.ToArray(), "amount"u8.ToArray(), "address"u8.ToArray(), "zip"u8.ToArray() };
        var places = new int[5];
        var context = new Context();
        (string Name, Expression Tree, Compiled Function)[] conditions =
        [
            ("x.address.zip == 12345",
                Compare(BinaryOperator.Equal, Attribute(Attribute(Document, "address"), "zip"), new ConstantExpression(zip)),
                (_, row) => ValueComparer.Equal(row[0].GetAttribute(names[3], ref places[3]).GetAttribute(names[4], ref places[4]), zip)),
            ("x.gender == 1 AND x.qty >= 10",
                new LogicalExpression(isAnd: true, Compare(BinaryOperator.Equal, Attribute(Document, "gender"), new ConstantExpression(one)), Compare(BinaryOperator.GreaterOrEqual, Attribute(Document, "qty"), new ConstantExpression(ten))),
                (_, row) => ValueComparer.Equal(row[0].GetAttribute(names[0], ref places[0]), one) && ValueComparer.Compare(row[0].GetAttribute(names[1], ref places[1]), ten) >= 0),
            ("x.amount * 2 + x.qty > 1000 AND x.qty - 1 < 20",
                new LogicalExpression(
                    isAnd: true,
                    Compare(BinaryOperator.Greater, Calculate(BinaryOperator.Add, Calculate(BinaryOperator.Multiply, Attribute(Document, "amount"), new ConstantExpression(Value.FromInteger(2))), Attribute(Document, "qty")), new ConstantExpression(thousand)),
                    Compare(BinaryOperator.Less, Calculate(BinaryOperator.Subtract, Attribute(Document, "qty"), new ConstantExpression(one)), new ConstantExpression(twenty))),
                (_, row) =>
                {
                    var two = Value.FromInteger(2);
                    var sum = Arithmetic.Add(Arithmetic.Multiply(row[0].GetAttribute(names[2], ref places[2]), two), row[0].GetAttribute(names[1], ref places[1]));
                    return ValueComparer.Compare(sum, thousand) > 0 && ValueComparer.Compare(Arithmetic.Subtract(row[0].GetAttribute(names[1], ref places[1]), one), twenty) < 0;
                }),
        ];
        foreach (var (name, tree, function) in conditions)
        {
            var scanned = (Tree: double.MaxValue, Function: double.MaxValue);
            var cached = (Tree: double.MaxValue, Function: double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                scanned.Tree = Math.Min(scanned.Tree, Scan(fabric, scope, context, tree.IsTruthy));
                scanned.Function = Math.Min(scanned.Function, Scan(fabric, scope, context, function));
                cached.Tree = Math.Min(cached.Tree, Repeat(fabric, scope, context, tree.IsTruthy));
                cached.Function = Math.Min(cached.Function, Repeat(fabric, scope, context, function));
            }
            await output.WriteLineAsync(
                $"{name,-50} over a scan {scanned.Tree,5:0.0} ns by its tree, {scanned.Function,5:0.0} by hand ({100 * (1 - (scanned.Function / scanned.Tree)):0} % less); from cache {cached.Tree,5:0.0} and {cached.Function,5:0.0}");
        }
    }

    private static VariableExpression Document { get; } = new(new Variable(0, "x"));

    private static AttributeExpression Attribute(Expression target, string name) => new(target, name);

    private static ComparisonExpression Compare(BinaryOperator operation, Expression left, Expression right) => new(operation, left, right);

    private static ArithmeticExpression Calculate(BinaryOperator operation, Expression left, Expression right) => new(operation, left, right);

    private static double Scan(FabricDatabase fabric, AccessScope scope, Context context, Compiled condition)
    {
        var row = new Value[3];
        var documents = 0;
        var kept = 0;
        using var snapshot = fabric.OpenSnapshot(scope);
        using var cursor = snapshot.ScanCollection(fabric.Catalog.GetCollection("docs"));
        var before = Environment.CpuUsage.TotalTime;
        while (cursor.MoveNext())
        {
            row[0] = cursor.Document;
            kept += condition(context, row) ? 1 : 0;
            documents++;
        }
        Debug.Assert(kept >= 0);
        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / documents;
    }

    private static double Repeat(FabricDatabase fabric, AccessScope scope, Context context, Compiled condition)
    {
        const int Documents = 50;
        const int Repetitions = 10_000;
        var row = new Value[3];
        var kept = 0;
        using var snapshot = fabric.OpenSnapshot(scope);
        using var cursor = snapshot.ScanCollection(fabric.Catalog.GetCollection("docs"));
        var documents = new List<Value>();
        while (documents.Count < Documents && cursor.MoveNext())
            documents.Add(cursor.Document);
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Repetitions; i++)
        {
            foreach (var document in documents)
            {
                row[0] = document;
                kept += condition(context, row) ? 1 : 0;
            }
        }
        Debug.Assert(kept >= 0);
        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / (Documents * Repetitions);
    }

    private sealed class Context : EvaluationContext
    {
        public override TimeProvider Clock => TimeProvider.System;

        public override Random Random => throw new NotSupportedException();

        public override string? UserName => null;

        public override string FabricName => "_system";

        public override IFabricReader Reader => throw new NotSupportedException();

        public override void Warn(ErrorCode code, string detail) => throw new NotSupportedException();

        public override void ThrowIfStopped()
        {
            // Nobody stops it.
        }

        public override void ReserveMemory(long bytes)
        {
            // Nobody counts.
        }

        public override void DemandMemory(long bytes)
        {
            // Nothing is refused.
        }
    }
}
