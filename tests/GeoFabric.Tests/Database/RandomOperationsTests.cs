using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>Random operations against a dictionary: after each transaction documents, indexes, counters and log must agree with it and one another.</summary>
public sealed class RandomOperationsTests
{
    [Theory]
    [InlineData(1, false, 250)]
    [InlineData(2, false, 250)]
    [InlineData(3, false, 250)]
    [InlineData(4, true, 120)]
    [InlineData(5, true, 120)]
    public async Task Documents_indexes_counters_and_log_agree_with_the_model(int seed, bool onDisk, int transactions)
    {
        await using var test = await TestFabric.OpenAsync(onDisk, new DatabaseOptions { ChangeLogRetainedBytes = seed % 2 == 0 ? 5000 : null });
        var run = new Run(test, new Random(seed));
        await run.PrepareAsync();
        for (var i = 0; i < transactions; i++)
        {
            await run.StepAsync(i);
            if (i % 5 == 0 || i > transactions - 10)
                run.Check();
        }
    }

    private sealed class Run(TestFabric test, Random random)
    {
        private readonly Dictionary<string, string> _model = [];
        private CollectionDefinition _collection = null!;
        private IndexDefinition _byNumber = null!;

        public async Task PrepareAsync()
        {
            _collection = await test.CreateAsync("c");
            _byNumber = (await test.IndexAsync("c", "persistent", "n", "s")).Definition;
            await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["u"]) { IsUnique = true, IsSparse = true });
            await test.IndexAsync("c", "persistent", "a[*]");
            await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("ttl", ["n"]) { ExpireAfterSeconds = 1e12 });
        }

        public async Task StepAsync(int step)
        {
            switch (random.Next(40))
            {
                case 0:
                    await test.Fabric.TruncateAsync(test.Scope, "c");
                    _model.Clear();
                    return;
                case 1:
                    await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["s", "x"]) { Name = $"extra{step}" });
                    return;
                case 2:
                    if (test.Fabric.Catalog.GetCollection("c").Indexes.FirstOrDefault(index => index.Name.StartsWith("extra", StringComparison.Ordinal)) is { } extra)
                        await test.Fabric.DropIndexAsync(test.Scope, "c", extra.Name);
                    return;
                case 3 when test.Options.DataDirectory is not null:
                    await test.ReopenAsync();
                    return;
            }
            var next = new Dictionary<string, string>(_model);
            var fails = random.Next(6) == 0;
            try
            {
                await test.WriteAsync(transaction =>
                {
                    next = new Dictionary<string, string>(_model);
                    for (var i = random.Next(1, 6); i > 0; i--)
                        Operate(transaction, next);
                    Assert.Equal(next.Count, transaction.CountDocuments(_collection));
                    return fails ? throw ErrorCodes.BadRequest.With("on purpose") : 0;
                });
            }
            catch (GeoFabricException error) when (error.Code == ErrorCodes.BadRequest)
            {
                return;
            }
            _model.Clear();
            foreach (var (key, json) in next)
                _model.Add(key, json);
        }

        public void Check()
        {
            test.AssertSound();
            using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
            Assert.Equal(_model.Count, snapshot.CountDocuments(_collection));
            using var cursor = snapshot.ScanCollection(_collection);
            var keys = new List<string>();
            while (cursor.MoveNext())
            {
                var key = Encoding.UTF8.GetString(cursor.DocumentKey);
                keys.Add(key);
                Assert.Equal(_model[key], TestFabric.Plain(cursor.Document));
            }
            Assert.Equal(_model.Keys.Order(Comparer<string>.Create((left, right) => StringCollation.Compare(TestFabric.Key(left), TestFabric.Key(right)))), keys);
            CheckRange(random.Next(8));
        }

        private void CheckRange(int number)
        {
            var expected = _model.Where(pair => TestFabric.Json(pair.Value).GetAttribute("n"u8) == Value.FromInteger(number)).Select(pair => pair.Key).Order();
            Assert.Equal(expected, test.Scan(_collection, _byNumber, new IndexRange([Value.FromInteger(number)])).Order());
        }

        private void Operate(FabricTransaction transaction, Dictionary<string, string> model)
        {
            var key = $"k{random.Next(30)}";
            var mark = transaction.Mark();
            var before = new Dictionary<string, string>(model);
            try
            {
                switch (random.Next(5))
                {
                    case 0:
                        Note(model, transaction.Insert(_collection, Document(key), InsertOptions.Default));
                        break;
                    case 1:
                        Note(model, transaction.Insert(_collection, Document(key), new InsertOptions(OverwriteMode.Replace)));
                        break;
                    case 2:
                        Note(model, transaction.Update(_collection, TestFabric.Key(key), Document(key), UpdateOptions.Default));
                        break;
                    case 3:
                        Note(model, transaction.Replace(_collection, TestFabric.Key(key), Document(key), ReplaceOptions.Default));
                        break;
                    default:
                        transaction.Remove(_collection, TestFabric.Key(key), RemoveOptions.Default);
                        model.Remove(key);
                        break;
                }
            }
            catch (GeoFabricException error)
            {
                // A key that is there must not be inserted, one that is not can only be inserted, and unique values repeat.
                Assert.True(error.ErrorNumber is 1202 or 1210, error.Message);
                Assert.Equal(error.ErrorNumber == 1202, !model.ContainsKey(key) && error.ErrorNumber != 1210);
            }
            if (random.Next(8) == 0)
            {
                transaction.RollbackTo(mark);
                model.Clear();
                foreach (var (old, json) in before)
                    model.Add(old, json);
            }
        }

        private static void Note(Dictionary<string, string> model, DocumentWriteResult result) =>
            model[Encoding.UTF8.GetString(result.Key)] = TestFabric.Plain(result.New);

        private Value Document(string key)
        {
            var parts = new List<string> { $"\"_key\":\"{key}\"" };
            if (random.Next(4) > 0)
                parts.Add($"\"n\":{random.Next(8)}");
            if (random.Next(3) > 0)
                parts.Add($"\"s\":\"{new string((char)('a' + random.Next(3)), random.Next(5) == 0 ? 700 : 3)}{random.Next(3)}\"");
            if (random.Next(3) == 0)
                parts.Add($"\"u\":\"{new string('u', random.Next(4) == 0 ? 400 : 1)}{random.Next(40)}\"");
            if (random.Next(2) == 0)
                parts.Add($"\"a\":[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(5)))}]");
            return TestFabric.Json($"{{{string.Join(',', parts)}}}");
        }
    }
}
