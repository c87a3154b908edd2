using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database.Merging;

/// <summary>One example of each rule: two regions change one document at the same time, the second a moment later.</summary>
public sealed class MergeRuleTests
{
    /// <param name="start">The document both know; empty for none.</param>
    /// <param name="first">What region 1 does: a verb and its argument.</param>
    /// <param name="second">What region 2 does.</param>
    /// <param name="expected">The document both end with; empty for none.</param>
    /// <param name="rule">What the journals of both say; empty for nothing that has to be said.</param>
    [Theory]
    // Documents.
    [InlineData("""{"a":1}""", "remove", """patch {"a":2}""", "", "delete-wins")]
    [InlineData("""{"a":1}""", """patch {"a":2}""", "remove", "", "delete-wins")]
    [InlineData("""{"a":1}""", "remove", "remove", "", "")]
    [InlineData("", """insert {"a":1}""", """insert {"b":2}""", """{"b":2}""", "later-document")]
    [InlineData("", """create {"n":1,"a":1}""", """create {"n":1,"b":2}""", """{"n":2,"a":1,"b":2}""", "")]
    [InlineData("""{"a":1}""", """patch {"b":1}""", """patch {"c":1}""", """{"a":1,"b":1,"c":1}""", "")]
    [InlineData("""{"a":1,"b":1}""", """replace {"a":2,"b":1}""", """replace {"a":1,"b":2}""", """{"a":2,"b":2}""", "")]
    // Attributes.
    [InlineData("""{"a":1}""", """patch {"a":2}""", """patch {"a":3}""", """{"a":3}""", "later-write")]
    [InlineData("""{"a":1}""", """patch {"a":2}""", """unset {"a":null}""", """{"a":2}""", "")]
    [InlineData("""{"a":1}""", """unset {"a":null}""", """patch {"a":2}""", """{"a":2}""", "")]
    [InlineData("""{"o":{"x":1,"y":1}}""", """patch {"o":{"x":2}}""", """unset {"o":null}""", """{"o":{"x":2}}""", "")]
    [InlineData("""{"o":{"x":1}}""", """patch {"o":{"x":2}}""", """patch {"o":5}""", """{"o":5}""", "")]
    [InlineData("""{"o":{"x":1}}""", """patch {"o":{"x":2}}""", """patch {"o":{"y":3}}""", """{"o":{"x":2,"y":3}}""", "")]
    // Numbers.
    [InlineData("""{"n":10}""", "increment 2", "increment 3", """{"n":15}""", "")]
    [InlineData("""{"n":10}""", "increment 2", "increment 0.5", """{"n":12.5}""", "")]
    [InlineData("""{"n":10}""", "increment 2", """patch {"n":100}""", """{"n":102}""", "")]
    [InlineData("""{"n":10}""", """patch {"n":100}""", "increment 2", """{"n":102}""", "")]
    [InlineData("""{"n":10}""", "increment 2", """unset {"n":null}""", """{"n":2}""", "")]
    [InlineData("""{"n":5}""", "maximum 9", "maximum 7", """{"n":9}""", "")]
    [InlineData("""{"n":5}""", "minimum 1", "minimum 3", """{"n":1}""", "")]
    // Arrays.
    [InlineData("""{"l":["a"]}""", """append ["b"]""", """append ["c"]""", """{"l":["a","b","c"]}""", "")]
    [InlineData("""{"l":["a"]}""", """append ["b","c"]""", """append ["d","e"]""", """{"l":["a","b","c","d","e"]}""", "")]
    [InlineData("""{"l":["a","b"]}""", """without ["a"]""", """append ["c"]""", """{"l":["b","c"]}""", "")]
    [InlineData("""{"l":["a","b"]}""", """without ["a"]""", """without ["a"]""", """{"l":["b"]}""", "")]
    [InlineData("""{"l":["a","b","c"]}""", "move 0 2", "move 0 1", """{"l":["b","a","c"]}""", "")]
    [InlineData("""{"l":["a","b","c"]}""", "move 0 2", """without ["a"]""", """{"l":["b","c"]}""", "")]
    [InlineData("""{"l":["a","b"]}""", """put 0 "z" """, """without ["a"]""", """{"l":["b"]}""", "element-removed")]
    [InlineData("""{"l":["a"]}""", """append ["b"]""", """patch {"l":["x"]}""", """{"l":["x"]}""", "list-replaced")]
    [InlineData("""{"l":["a"]}""", """patch {"l":["x"]}""", """append ["b"]""", """{"l":["x"]}""", "list-replaced")]
    [InlineData("""{"l":["a"]}""", """include ["b"]""", """include ["b"]""", """{"l":["a","b"]}""", "")]
    [InlineData("""{"l":["a","b"]}""", """include ["b"]""", """exclude ["b"]""", """{"l":["a","b"]}""", "")]
    public async Task Regions_end_with_the_same_document(string start, string first, string second, string expected, string rule)
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await group.Regions[0].CreateAsync("c");
        if (start.Length > 0)
            await WriteAsync(group.Regions[0], $"insert {start}");
        await group.DeliverAllAsync();
        group.Regions[0].Clock.Advance(TimeSpan.FromSeconds(1));
        group.Regions[1].Clock.Advance(TimeSpan.FromSeconds(2));

        await WriteAsync(group.Regions[0], first);
        await WriteAsync(group.Regions[1], second);
        await group.DeliverAllAsync();

        for (var region = 0; region < 2; region++)
        {
            var shown = group.Regions[region].Read(Collection(group.Regions[region]), "k");
            Assert.Equal(expected.Length == 0 ? null : Sorted("""{"_key":"k",""" + expected[1..]), shown is null ? null : Sorted(shown));
            if (rule.Length > 0)
                Assert.Contains($"rule:\"{rule}\"", group.Journal(region), StringComparison.Ordinal);
        }
    }

    private static Task<bool> WriteAsync(TestFabric region, string change) => region.WriteAsync(transaction =>
    {
        var space = change.IndexOf(' ', StringComparison.Ordinal);
        var (verb, argument) = space < 0 ? (change, "") : (change[..space], change[(space + 1)..].Trim());
        var collection = Collection(region);
        switch (verb)
        {
            case "insert":
                transaction.Insert(collection, WithKey(argument), InsertOptions.Default);
                break;
            case "create":
                transaction.Insert(collection, WithKey(argument), new InsertOptions { Operations = [Operation("n", AttributeOperationKind.Increment, "1")] });
                break;
            case "replace":
                transaction.Replace(collection, TestFabric.Key("k"), TestFabric.Json(argument), ReplaceOptions.Default);
                break;
            case "remove":
                transaction.Remove(collection, TestFabric.Key("k"), RemoveOptions.Default);
                break;
            case "patch" or "unset":
                transaction.Update(collection, TestFabric.Key("k"), TestFabric.Json(argument), new UpdateOptions(KeepNull: verb == "patch"));
                break;
            default:
                Operate(transaction, collection, verb, argument);
                break;
        }
        return true;
    });

    /// <summary>An update whose operation is known, as a query tells it.</summary>
    private static void Operate(FabricTransaction transaction, CollectionDefinition collection, string verb, string argument)
    {
        Assert.True(transaction.TryGetDocument(collection, TestFabric.Key("k"), out var document));
        var items = new List<Value>();
        if (document.TryGetAttribute("l"u8, out var list))
        {
            foreach (var item in list.Items)
                items.Add(item);
        }
        var number = document.GetAttribute("n"u8);
        var words = argument.Split(' ');
        var operand = Inside(words.Length > 1 ? words[0] : argument);
        var (operation, result) = verb switch
        {
            "increment" => (Operation("n", AttributeOperationKind.Increment, argument), Sum(number, operand)),
            "maximum" => (Operation("n", AttributeOperationKind.Maximum, argument), ValueComparer.Compare(number, operand) > 0 ? number : operand),
            "minimum" => (Operation("n", AttributeOperationKind.Minimum, argument), ValueComparer.Compare(number, operand) < 0 ? number : operand),
            "append" => (Operation("l", AttributeOperationKind.Append, argument), Value.FromList([.. items, .. Items(operand)])),
            "without" => (Operation("l", AttributeOperationKind.RemoveValues, argument), Value.FromList([.. items.Except(Items(operand))])),
            "include" => (Operation("l", AttributeOperationKind.SetAdd, argument), Value.FromList([.. items.Union(Items(operand))])),
            "exclude" => (Operation("l", AttributeOperationKind.SetRemove, argument), Value.FromList([.. items.Except(Items(operand))])),
            "move" => (Operation("l", AttributeOperationKind.Move, words[0], words[1]), Moved(items, (int)operand.Integer, int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture))),
            "put" => (Operation("l", AttributeOperationKind.ReplaceAt, words[0], words[1]), Value.FromList([Inside(words[1]), .. items.Skip(1)])),
            _ => throw new ArgumentException(verb),
        };
        var name = operation.Path[0];
        transaction.Update(collection, TestFabric.Key("k"), TestFabric.Json($$"""{"{{name}}":{{result}}}"""), new UpdateOptions { Operations = [operation] });
    }

    private static Value Sum(Value left, Value right) =>
        left.IsInteger && right.IsInteger ? Value.FromInteger(left.Integer + right.Integer) : Value.FromDouble(left.Number + right.Number);

    private static Value Moved(List<Value> items, int from, int to)
    {
        var moved = items[from];
        items.RemoveAt(from);
        items.Insert(to, moved);
        return Value.FromList([.. items]);
    }

    private static List<Value> Items(Value array)
    {
        var items = new List<Value>();
        foreach (var item in array.Items)
            items.Add(item);
        return items;
    }

    private static CollectionDefinition Collection(TestFabric region) => region.Fabric.Catalog.GetCollection("c");

    private static Value WithKey(string document) => TestFabric.Json("""{"_key":"k",""" + document[1..]);

    private static string Sorted(string document) => ReplicaGroup.Sorted(TestFabric.Json(document));

    private static AttributeOperation Operation(string name, AttributeOperationKind kind, string operand, string second = "null") =>
        new([name], kind, Inside(operand), Inside(second));

    private static Value Inside(string json) => TestFabric.Json($"[{json}]").Items[0];
}
