using System.Globalization;
using System.Text;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>Regions that write at random and get each other's records in random causal orders end up the same, and forget what they need not remember.</summary>
public sealed class ReplicaConvergenceTests
{
    private static readonly string[] Scalars = ["1", "2", "3.5", "\"a\"", "\"b\"", "true", "null", "{}", "[]", "[1,2,3]", "[\"a\",\"b\"]", "{\"x\":1}", "{\"x\":2,\"y\":[1]}"];

    private static readonly int SeedsPerBatch = int.Parse(Environment.GetEnvironmentVariable("GEOFABRIC_MERGE_SEEDS") ?? "100", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Regions_converge(int batch)
    {
        for (var seed = batch * 1000; seed < (batch * 1000) + SeedsPerBatch; seed++)
            await RunAsync(seed);
    }

    /// <summary>Schedules that once failed.</summary>
    [Theory]
    [InlineData(3588)]
    public Task Regions_converge_again(int seed) => RunAsync(seed);

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        await using var group = await ReplicaGroup.OpenAsync(random.Next(2, 5));
        await group.Regions[0].CreateAsync("c");
        await group.DeliverAllAsync();
        var steps = random.Next(10, 120);
        var log = new StringBuilder();
        for (var step = 0; step < steps; step++)
        {
            var region = random.Next(group.Regions.Count);
            group.Regions[region].Clock.Advance(TimeSpan.FromMilliseconds(random.Next(5)));
            switch (random.Next(10))
            {
                case < 6:
                    log.AppendLine(CultureInfo.InvariantCulture, $"{region + 1}: {await WriteAsync(group.Regions[region], random)}");
                    break;
                case < 9:
                    log.AppendLine(await group.DeliverSomeAsync(random, region));
                    break;
                default:
                    log.AppendLine(await group.AdvanceStableAsync(region));
                    break;
            }
        }
        await group.DeliverAllAsync();
        await group.AssertConvergedAsync($"seed {seed}\n{log}");
    }

    /// <summary>Writes something at random to collection "c".</summary>
    internal static async Task<string> WriteAsync(TestFabric region, Random random)
    {
        var collection = region.Fabric.Catalog.GetCollection("c");
        var key = $"k{random.Next(3)}";
        var text = "";
        try
        {
            await region.WriteAsync(transaction =>
            {
                text = random.Next(14) switch
                {
                    0 or 1 => Do($"insert {key}", json => transaction.Insert(collection, json, InsertOptions.Default), Document(random, key)),
                    2 => Do($"create {key}", json => transaction.Insert(collection, json, new InsertOptions { Operations = [Operation("n", AttributeOperationKind.Increment, "1")] }), $"{{\"_key\":\"{key}\",\"n\":1}}"),
                    3 => Do($"replace {key}", json => transaction.Replace(collection, TestFabric.Key(key), json, ReplaceOptions.Default), Document(random, key)),
                    4 => Do($"remove {key}", _ => transaction.Remove(collection, TestFabric.Key(key), RemoveOptions.Default), "{}"),
                    5 => Do($"unset {key}", json => transaction.Update(collection, TestFabric.Key(key), json, new UpdateOptions(KeepNull: false)), random.Next(2) == 0 ? $"{{\"{Name(random)}\":null}}" : "{\"o\":{\"x\":null}}"),
                    6 or 7 => Do($"update {key}", json => transaction.Update(collection, TestFabric.Key(key), json, UpdateOptions.Default), $"{{\"{Name(random)}\":{Scalar(random)}}}"),
                    8 => Do($"update inside {key}", json => transaction.Update(collection, TestFabric.Key(key), json, UpdateOptions.Default), $"{{\"o\":{{\"{Name(random)}\":{Scalar(random)}}}}}"),
                    _ => Infer(random, region, transaction, collection, key),
                };
                return true;
            });
        }
        catch (GeoFabricException refused) when (refused.Code == ErrorCodes.DocumentNotFound || refused.Code == ErrorCodes.UniqueConstraintViolated)
        {
            return $"{text} refused";
        }
        return text;
    }

    private static string Do(string name, Action<Value> write, string json)
    {
        write(TestFabric.Json(json));
        return $"{name} {json}";
    }

    /// <summary>An update whose operation is known, as a query tells it.</summary>
    private static string Infer(
        Random random, TestFabric region, GeoFabric.Database.Transactions.FabricTransaction transaction, GeoFabric.Database.Catalog.CollectionDefinition collection, string key)
    {
        transaction.TryGetDocument(collection, TestFabric.Key(key), out var document);
        var name = Name(random);
        var present = document.IsNull ? Value.Null : document.GetAttribute(Encoding.UTF8.GetBytes(name));
        if (present.IsNumber || present.IsNull)
        {
            var amount = random.Next(-3, 4);
            if (random.Next(4) == 0 && present.IsNumber)
            {
                var limit = Value.FromInteger(random.Next(10));
                return Update(name, AttributeOperationKind.Maximum, limit.ToString(), ValueComparer.Compare(limit, present) > 0 ? limit.ToString() : present.ToString());
            }
            return Update(name, AttributeOperationKind.Increment, amount.ToString(CultureInfo.InvariantCulture), Value.FromDouble((present.IsNull ? 0 : present.Number) + amount).ToString());
        }
        if (!present.IsArray)
            return Update(name, AttributeOperationKind.Increment, "1", "7");
        var items = new List<string>();
        foreach (var item in present.Items)
            items.Add(item.ToString());
        var count = items.Count;
        var one = Scalar(random);
        switch (random.Next(8))
        {
            case 0:
                return Update(name, AttributeOperationKind.Append, $"[{one},{one}]", Array([.. items, one, one]));
            case 1:
                return Update(name, AttributeOperationKind.Prepend, $"[{one}]", Array([one, .. items]));
            case 2 when count > 0:
                return Update(name, AttributeOperationKind.RemoveLast, "null", Array(items[..^1]));
            case 3 when count > 0:
                return Update(name, AttributeOperationKind.RemoveValues, $"[{items[0]}]", Array([.. items.Where(item => item != items[0])]));
            case 4 when count > 1:
                var (from, to) = (random.Next(count), random.Next(count));
                var moved = items.ToList();
                moved.RemoveAt(from);
                moved.Insert(to, items[from]);
                return Update(name, AttributeOperationKind.Move, from.ToString(CultureInfo.InvariantCulture), Array(moved), to.ToString(CultureInfo.InvariantCulture));
            case 5 when count > 0:
                var position = random.Next(count);
                var replaced = items.ToList();
                replaced[position] = one;
                return Update(name, AttributeOperationKind.ReplaceAt, position.ToString(CultureInfo.InvariantCulture), Array(replaced), one);
            case 6:
                return Update(name, AttributeOperationKind.SetRemove, $"[{one}]", Array([.. items.Where(item => item != one)]));
            default:
                return Update(name, AttributeOperationKind.SetAdd, $"[{one}]", Array(items.Contains(one) ? items : [.. items, one]));
        }

        string Update(string attribute, AttributeOperationKind kind, string operand, string result, string second = "null")
        {
            var options = new UpdateOptions { Operations = [Operation(attribute, kind, operand, second)] };
            return Do($"{kind} {operand} {key}", json => transaction.Update(collection, TestFabric.Key(key), json, options), $"{{\"{attribute}\":{result}}}");
        }
    }

    private static string Array(IEnumerable<string> items) => $"[{string.Join(',', items)}]";

    private static AttributeOperation Operation(string name, AttributeOperationKind kind, string operand, string second = "null") =>
        new([name], kind, Inside(operand), Inside(second));

    private static Value Inside(string json) => TestFabric.Json($"[{json}]").Items[0];

    private static string Document(Random random, string key) =>
        $"{{\"_key\":\"{key}\",\"n\":{random.Next(5)},\"o\":{{\"x\":{Scalar(random)},\"y\":{Scalar(random)}}},\"t\":{Scalar(random)}}}";

    private static string Name(Random random) => ((string[])["n", "o", "t", "x"])[random.Next(4)];

    private static string Scalar(Random random) => Scalars[random.Next(Scalars.Length)];
}
