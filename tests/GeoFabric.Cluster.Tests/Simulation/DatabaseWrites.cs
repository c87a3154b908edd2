using System.Globalization;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>The model's changes as document writes with the operations a query would infer, and the model's values read from documents.</summary>
/// <remarks>
/// A register is replaced whole, since only then the last write wins over deletions too; what is only ever written together is created so that creations
/// merge. Beside what the model knows, documents have counters, lists and a maximum whose final values follow from all acknowledged writes.
/// </remarks>
internal static class DatabaseWrites
{
    public const string Registers = "registers";
    public const string Sums = "sums";

    /// <summary>Plans draw keys below this.</summary>
    private const int KeysMax = 20;

    public static bool IsSetUp(CatalogSnapshot catalog) => catalog.TryGetCollection(Registers, out _);

    /// <summary>Collections with indexes, and the documents whose arrays several regions edit.</summary>
    public static void SetUp(FabricTransaction transaction)
    {
        CatalogOperations.CreateCollection(transaction, new CollectionSettings(Registers, CollectionType.Document));
        CatalogOperations.CreateCollection(transaction, new CollectionSettings(Sums, CollectionType.Document));
        CatalogOperations.AddIndex(transaction, Registers, new IndexSettings("persistent", ["value"]));
        CatalogOperations.AddIndex(transaction, Registers, new IndexSettings("persistent", ["inner.twice", "value"]));
        CatalogOperations.AddIndex(transaction, Sums, new IndexSettings("persistent", ["sum"]));
        CatalogOperations.AddIndex(transaction, Sums, new IndexSettings("persistent", ["elements[*]"]));
        for (var number = 0; number < KeysMax; number++)
        {
            Insert(transaction, new ModelKey(ModelKind.Session, number, 0), """ "value":0,"trail":[],"highest":0""");
            Insert(transaction, new ModelKey(ModelKind.Set, number, 0), """ "elements":[]""");
        }
    }

    /// <returns>The changes that had something to change.</returns>
    public static IReadOnlyList<ModelChange> Write(FabricTransaction transaction, IReadOnlyList<ModelChange> changes)
    {
        var made = new List<ModelChange>(changes.Count);
        foreach (var change in changes)
        {
            if (Write(transaction, change))
                made.Add(change);
        }
        return made;
    }

    public static ModelValue Read(IFabricReader reader, ModelKey key)
    {
        if (!reader.Catalog.TryGetCollection(CollectionOf(key), out var collection) || !reader.TryGetDocument(collection, NameOf(key), out var document))
            return new ModelValue(0, 0, []);
        return ToModelValue(document);
    }

    public static ModelValue ToModelValue(Value document)
    {
        var elements = document.GetAttribute("elements"u8);
        return new ModelValue(IntegerOf(document, "value"u8), IntegerOf(document, "sum"u8), elements.IsArray ? IntegersOf(elements).Distinct().Order().ToList() : []);
    }

    public static ModelKey ToModelKey(ReadOnlySpan<byte> name) => new((ModelKind)name[0], int.Parse(name[1..], CultureInfo.InvariantCulture), 0);

    public static long IntegerOf(Value document, ReadOnlySpan<byte> name) => document.GetAttribute(name) is { IsNumber: true } number ? (long)number.Number : 0;

    public static List<long> IntegersOf(Value array)
    {
        var integers = new List<long>();
        foreach (var item in array.Items)
            integers.Add((long)item.Number);
        return integers;
    }

    private static bool Write(FabricTransaction transaction, ModelChange change)
    {
        var exists = transaction.TryGetDocument(transaction.Catalog.GetCollection(CollectionOf(change.Key)), NameOf(change.Key), out var document);
        switch (change.Verb)
        {
            case ChangeVerb.Set when change.Key.Kind == ModelKind.Register:
                Replace(transaction, change, exists);
                return true;
            case ChangeVerb.Set when change.Key.Kind == ModelKind.Paired:
                Pair(transaction, change, document);
                return true;
            case ChangeVerb.Set:
                Trail(transaction, change, document);
                return true;
            case ChangeVerb.Delete:
                if (exists)
                    transaction.Remove(transaction.Catalog.GetCollection(Registers), NameOf(change.Key), RemoveOptions.Default);
                return exists;
            case ChangeVerb.Add:
                Add(transaction, change, document);
                return true;
            default:
                return Edit(transaction, change, document);
        }
    }

    /// <summary>A new document in place of the old one, and half the time an update of it: that one belongs to this document and falls with it.</summary>
    private static void Replace(FabricTransaction transaction, ModelChange change, bool exists)
    {
        if (exists)
            transaction.Remove(transaction.Catalog.GetCollection(Registers), NameOf(change.Key), RemoveOptions.Default);
        Insert(transaction, change.Key, $$""" "value":{{change.Value}},"inner":{"twice":{{2 * change.Value}},"tags":["a"]},"touches":0""");
        if (change.Value % 2 == 0)
        {
            Update(
                transaction, change.Key, """{"touches":1,"inner":{"tags":["a","b"]}}""",
                [Operation(["touches"], AttributeOperationKind.Increment, "1"), Operation(["inner", "tags"], AttributeOperationKind.Append, """["b"]""")]);
        }
    }

    private static void Pair(FabricTransaction transaction, ModelChange change, Value document)
    {
        if (document.IsNull)
            Insert(transaction, change.Key, $""" "value":{change.Value},"writes":1""", [Operation(["writes"], AttributeOperationKind.Increment, "1")]);
        else
            Update(transaction, change.Key, $$"""{"value":{{change.Value}},"writes":{{IntegerOf(document, "writes"u8) + 1}}}""", [Operation(["writes"], AttributeOperationKind.Increment, "1")]);
    }

    /// <summary>A value, the greatest there was, and the list of all values, in which items are also moved about.</summary>
    private static void Trail(FabricTransaction transaction, ModelChange change, Value document)
    {
        var (value, trail) = (change.Value, IntegersOf(document.GetAttribute("trail"u8)));
        var middle = trail.Count / 2;
        var (operation, position) = (value % 3) switch
        {
            0 => (Operation(["trail"], AttributeOperationKind.Prepend, $"[{value}]"), 0),
            1 => (Operation(["trail"], AttributeOperationKind.InsertAt, $"{middle}", $"{value}"), middle),
            _ => (Operation(["trail"], AttributeOperationKind.Append, $"[{value}]"), trail.Count),
        };
        trail.Insert(position, value);
        var highest = Math.Max(value, IntegerOf(document, "highest"u8));
        Update(
            transaction, change.Key, $$"""{"value":{{value}},"highest":{{highest}},"trail":[{{string.Join(',', trail)}}]}""",
            [operation, Operation(["highest"], AttributeOperationKind.Maximum, $"{value}")]);
        if (value % 5 != 0)
            return;
        var first = trail[0];
        trail.RemoveAt(0);
        trail.Insert(middle, first);
        Update(transaction, change.Key, $$"""{"trail":[{{string.Join(',', trail)}}]}""", [Operation(["trail"], AttributeOperationKind.Move, "0", $"{middle}")]);
    }

    private static void Add(FabricTransaction transaction, ModelChange change, Value document)
    {
        AttributeOperation[] operations =
        [
            Operation(["sum"], AttributeOperationKind.Increment, $"{change.Value}"),
            Operation(["parts", "halves"], AttributeOperationKind.Increment, $"{2 * change.Value}"),
        ];
        var sum = IntegerOf(document, "sum"u8) + change.Value;
        if (document.IsNull)
            Insert(transaction, change.Key, $$""" "sum":{{sum}},"parts":{"halves":{{2 * sum}}}""", operations);
        else
            Update(transaction, change.Key, $$$"""{"sum":{{{sum}}},"parts":{"halves":{{{2 * sum}}}}}""", operations);
    }

    private static bool Edit(FabricTransaction transaction, ModelChange change, Value document)
    {
        var elements = IntegersOf(document.GetAttribute("elements"u8));
        var isThere = elements.Contains(change.Value);
        var isAddition = change.Verb == ChangeVerb.Include;
        if (!isAddition && !isThere)
            return false;
        if (!isAddition)
            elements.RemoveAll(element => element == change.Value);
        else if (!isThere)
            elements.Add(change.Value);
        var operation = Operation(["elements"], isAddition ? AttributeOperationKind.SetAdd : AttributeOperationKind.SetRemove, $"[{change.Value}]");
        Update(transaction, change.Key, $$"""{"elements":[{{string.Join(',', elements)}}]}""", [operation]);
        return true;
    }

    private static void Insert(FabricTransaction transaction, ModelKey key, string attributes, IReadOnlyList<AttributeOperation>? operations = null) => transaction.Insert(
        transaction.Catalog.GetCollection(CollectionOf(key)), Json($$"""{"_key":"{{Encoding.UTF8.GetString(NameOf(key))}}",{{attributes}}}"""), new InsertOptions { Operations = operations ?? [] });

    private static void Update(FabricTransaction transaction, ModelKey key, string patch, IReadOnlyList<AttributeOperation> operations) => transaction.Update(
        transaction.Catalog.GetCollection(CollectionOf(key)), NameOf(key), Json(patch), new UpdateOptions { Operations = operations });

    private static AttributeOperation Operation(string[] path, AttributeOperationKind kind, string operand, string second = "null") =>
        new(path, kind, Json($"[{operand}]").Items[0], Json($"[{second}]").Items[0]);

    private static string CollectionOf(ModelKey key) => key.Kind is ModelKind.Counter or ModelKind.Set ? Sums : Registers;

    private static byte[] NameOf(ModelKey key) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(char)key.Kind}{key.Number}"));

    private static Value Json(string json) => JsonValueReader.Parse(Encoding.UTF8.GetBytes(json));
}
