using System.Text.RegularExpressions;

namespace GeoFabric.Tests.Tidy;

/// <summary>Rooms and types are named for what they hold.</summary>
public sealed partial class NamingTests
{
    [Fact]
    public void No_folder_or_type_is_a_room_for_leftovers()
    {
        var rooms = SourceTree.Files
            .SelectMany(file => file.Path.Split('/').SkipLast(1).Concat(file.Types).Select(name => (file.Path, name)))
            .Where(named => Leftovers().IsMatch(named.name));

        SourceTree.AssertNone(rooms);
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var strays = from file in SourceTree.Sources
                     let declared = Namespace().Match(file.Text)
                     where declared.Success
                     let expected = string.Join('.', file.Path.Split('/').Skip(1).SkipLast(1))
                     where declared.Groups[1].Value != expected
                     select $"{file.Path} is in {declared.Groups[1].Value}";

        SourceTree.AssertNone(strays);
    }

    [Fact]
    public void Files_are_named_after_their_first_type()
    {
        var strays = from file in SourceTree.Sources
                     let types = file.Types
                     let name = Path.GetFileNameWithoutExtension(file.Path)
                     let family = LastWord().Match(name).Value
                     // A family shares a file: nodes of the syntax tree, options of one resource's writes.
                     where types.Count > 0 && !types.Contains(name) && types.Count(type => type.EndsWith(family, StringComparison.Ordinal)) < 2
                     select $"{file.Path} holds {string.Join(", ", types)}";

        SourceTree.AssertNone(strays);
    }

    [GeneratedRegex("[A-Z][a-z0-9]*$")]
    private static partial Regex LastWord();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(Common|Shared|Misc|Core|Util|Utils|Utilities|Helper|Helpers)$|(Utils|Utilities|Helper|Helpers|Manager)$")]
    private static partial Regex Leftovers();
}
