return await GeoFabric.Server.Hosting.CommandLine.RunAsync(args);
