using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>INSERT, UPDATE, REPLACE, REMOVE and UPSERT on lists of documents (specification, section 6).</summary>
internal sealed class ReferenceModifications(ReferenceData data, ReferenceExpressions expressions)
{
    private static readonly string[] SystemNames = ["_key", "_id", "_rev", "_from", "_to"];

    /// <summary>Whether a piece of syntax changes documents, itself or in a subquery.</summary>
    public static bool IsIn(object syntax)
    {
        if (syntax is InsertSyntax or UpdateSyntax or RemoveSyntax or UpsertSyntax)
            return true;
        var parts = new List<object>();
        SyntaxChildren.Add(syntax, parts);
        return parts.Exists(IsIn);
    }

    public IEnumerable<ReferenceRow?> Apply(OperationSyntax operation, IEnumerable<ReferenceRow?> rows)
    {
        var (target, options) = operation switch
        {
            InsertSyntax insert => (insert.Collection, insert.Options),
            UpdateSyntax update => (update.Collection, update.Options),
            RemoveSyntax remove => (remove.Collection, remove.Options),
            _ => (((UpsertSyntax)operation).Collection, ((UpsertSyntax)operation).Options),
        };
        var collection = data.Target(target is NameSyntax name ? name.Name : throw new NotSupportedException("a target that is no name"));
        var settings = options is null ? Value.EmptyObject : expressions.Evaluate(options, null);
        if (ReferenceValues.Members(settings).Exists(option => option.Name is not ("ignoreErrors" or "keepNull" or "mergeObjects" or "overwriteMode" or "overwrite")))
            throw new NotSupportedException($"the options {settings}");
        var ignoresErrors = ReferenceValues.IsTrue(ReferenceValues.Attribute(settings, "ignoreErrors"));
        var results = new List<ReferenceRow?>();
        // Everything is read before the first change.
        foreach (var row in rows.ToList())
        {
            try
            {
                results.Add(ApplyRow(operation, row, collection, settings));
            }
            catch (GeoFabricException error) when (ignoresErrors && error.ErrorNumber is >= 1200 and < 1300)
            {
            }
        }
        return results;
    }

    private ReferenceRow? ApplyRow(OperationSyntax operation, ReferenceRow? row, ReferenceCollection collection, Value settings)
    {
        switch (operation)
        {
            case InsertSyntax insert:
                return Insert(collection, expressions.Evaluate(insert.Document, row), settings, row);
            case UpdateSyntax update:
                var document = expressions.Evaluate(update.Document, row);
                var target = update.Key is null ? document : expressions.Evaluate(update.Key, row);
                return Change(collection, KeyOf(target), document, update.IsReplace, settings, row);
            case RemoveSyntax remove:
                var at = Find(collection, KeyOf(expressions.Evaluate(remove.Key, row)));
                var removed = collection.Documents[at];
                collection.Documents.RemoveAt(at);
                return new ReferenceRow("OLD", removed, row);
            default:
                return Upsert((UpsertSyntax)operation, collection, settings, row);
        }
    }

    private ReferenceRow? Upsert(UpsertSyntax upsert, ReferenceCollection collection, Value settings, ReferenceRow? row)
    {
        var candidates = collection.Documents.Where(document => upsert.Search is ObjectSyntax search
            ? Fits(search, document, row)
            : upsert.Filter is not null && expressions.IsTrue(upsert.Filter, new ReferenceRow("CURRENT", document, row))).Take(2).ToList();
        if (candidates.Count > 1)
            throw new NotSupportedException("a search of UPSERT that fits several documents, of which any may be taken");
        if (candidates.Count == 0)
            return Insert(collection, expressions.Evaluate(upsert.Insert, row), settings, new ReferenceRow("OLD", Value.Null, row));
        var change = expressions.Evaluate(upsert.Update, new ReferenceRow("OLD", candidates[0], row));
        return Change(collection, KeyOf(candidates[0]), change, upsert.IsReplace, settings, row);
    }

    private bool Fits(ObjectSyntax search, Value document, ReferenceRow? row) => search.Members.All(member =>
    {
        var value = ReferenceValues.Attribute(document, expressions.Evaluate(member.Name, null).Text);
        return member.Value is ObjectSyntax { Members.Length: > 0 } nested
            ? Fits(nested, value, row)
            : ReferenceValues.AreEqual(value, expressions.Evaluate(member.Value, row));
    });

    private ReferenceRow Insert(ReferenceCollection collection, Value document, Value settings, ReferenceRow? row)
    {
        if (!document.IsObject)
            throw ErrorCodes.DocumentTypeInvalid.With(document.ToString());
        if (!document.TryGetAttribute("_key"u8, out var key))
            throw new NotSupportedException("a key that the server makes");
        if (!key.IsString || key.Utf8.Length is 0 or > 254 || !key.Text.All(c => char.IsAsciiLetterOrDigit(c) || "_:.@()+,=;$!*'%-".Contains(c, StringComparison.Ordinal)))
            throw ErrorCodes.DocumentKeyBad.With(key.ToString());
        var overwrite = ReferenceValues.Attribute(settings, "overwriteMode");
        var mode = overwrite.IsString ? overwrite.Text : ReferenceValues.IsTrue(ReferenceValues.Attribute(settings, "overwrite")) ? "replace" : "conflict";
        var at = collection.Find(key.Text);
        if (at >= 0 && mode == "ignore")
            return new ReferenceRow("NEW", Value.Null, new ReferenceRow("OLD", collection.Documents[at], row));
        if (at >= 0 && mode != "conflict")
            return Change(collection, key.Text, document, mode == "replace", settings, row);
        var stored = Stored(collection, key, ReferenceValues.Members(document), document);
        if (at >= 0)
            throw ErrorCodes.UniqueConstraintViolated.With(key.ToString());
        Demand(collection, stored, -1);
        collection.Documents.Add(stored);
        return new ReferenceRow("NEW", stored, mode == "conflict" ? row : new ReferenceRow("OLD", Value.Null, row));
    }

    private static ReferenceRow Change(ReferenceCollection collection, string key, Value change, bool isReplace, Value settings, ReferenceRow? row)
    {
        if (!change.IsObject)
            throw ErrorCodes.DocumentTypeInvalid.With(change.ToString());
        var at = Find(collection, key);
        var old = collection.Documents[at];
        var members = ReferenceValues.Members(change);
        if (!isReplace)
            members = Merge(ReferenceValues.Members(old).Where(member => !SystemNames.Contains(member.Name)), [.. members.Where(member => !SystemNames.Contains(member.Name))], IsOn(settings, "keepNull"), IsOn(settings, "mergeObjects"));
        var stored = Stored(collection, Value.FromString(key), members, change, old);
        Demand(collection, stored, at);
        collection.Documents[at] = stored;
        return new ReferenceRow("NEW", stored, new ReferenceRow("OLD", old, row));
    }

    private static bool IsOn(Value settings, string name) => !settings.TryGetAttribute(System.Text.Encoding.UTF8.GetBytes(name), out var value) || ReferenceValues.IsTrue(value);

    private static List<(string Name, Value Value)> Merge(IEnumerable<(string Name, Value Value)> old, List<(string Name, Value Value)> patch, bool keepNull, bool mergeObjects)
    {
        var merged = new List<(string, Value)>();
        var before = old.ToList();
        // Attributes keep their places, new ones follow.
        foreach (var (name, value) in before.Concat(patch.Where(change => !before.Exists(member => member.Name == change.Name))))
        {
            var at = patch.FindIndex(change => change.Name == name);
            if (at < 0)
                merged.Add((name, value));
            else if (mergeObjects && patch[at].Value.IsObject && value.IsObject && before.Exists(member => member.Name == name))
                merged.Add((name, ReferenceValues.Object(Merge(ReferenceValues.Members(value), ReferenceValues.Members(patch[at].Value), keepNull, mergeObjects))));
            else if (keepNull)
                merged.Add((name, patch[at].Value));
            else if (!patch[at].Value.IsNull)
                merged.Add((name, WithoutNulls(patch[at].Value)));
        }
        return merged;
    }

    private static Value WithoutNulls(Value value) => value.IsObject
        ? ReferenceValues.Object(ReferenceValues.Members(value).Where(member => !member.Value.IsNull).Select(member => (member.Name, WithoutNulls(member.Value))).ToList())
        : value;

    /// <summary>The document as it is stored: system attributes first, then the others.</summary>
    private static Value Stored(ReferenceCollection collection, Value key, List<(string Name, Value Value)> members, Value given, Value old = default)
    {
        List<(string, Value)> stored = [("_id", Value.FromString($"{collection.Generated.Name}/{key.Text}")), ("_key", key)];
        if (collection.Generated.IsEdge)
        {
            foreach (var name in new[] { "_from", "_to" })
            {
                var end = ReferenceValues.Attribute(given, name);
                if (end.IsNull && old.IsObject && !given.TryGetAttribute(System.Text.Encoding.UTF8.GetBytes(name), out _))
                    end = ReferenceValues.Attribute(old, name);
                if (!end.IsString || end.Text.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
                    throw ErrorCodes.EdgeAttributeInvalid.With(end.ToString());
                stored.Add((name, end));
            }
        }
        var system = collection.Generated.IsEdge ? SystemNames : SystemNames[..3];
        stored.AddRange(members.Where(member => !system.Contains(member.Name)));
        return ReferenceValues.Object(stored);
    }

    private static void Demand(ReferenceCollection collection, Value stored, int at)
    {
        foreach (var index in collection.Generated.Indexes.Where(index => index.IsUnique))
        {
            List<Value> fields = [.. index.Fields.Select(field => ReferenceValues.Attribute(stored, field))];
            if (index.IsSparse && fields.Exists(field => field.IsNull))
                continue;
            for (var i = 0; i < collection.Documents.Count; i++)
            {
                if (i != at && index.Fields.Select(field => ReferenceValues.Attribute(collection.Documents[i], field)).Zip(fields).All(pair => ReferenceValues.AreEqual(pair.First, pair.Second)))
                    throw ErrorCodes.UniqueConstraintViolated.With(string.Join(", ", fields));
            }
        }
    }

    private static int Find(ReferenceCollection collection, string key)
    {
        var at = collection.Find(key);
        return at >= 0 ? at : throw ErrorCodes.DocumentNotFound.With(key);
    }

    private static string KeyOf(Value value)
    {
        if (value.IsObject)
            return value.TryGetAttribute("_key"u8, out var key) && key.IsString ? key.Text : throw ErrorCodes.DocumentKeyMissing.Create();
        return value.IsString ? value.Text : throw ErrorCodes.DocumentTypeInvalid.With(value.ToString());
    }
}
