//! The types against what Heat 27 says of them.

use super::*;
use crate::template::OnChange;

#[test]
fn types_are_sorted_and_every_one_shows_itself() {
    assert!(ALL.is_sorted_by_key(|plugin| plugin.name()));
    for plugin in ALL {
        let last = plugin.attributes().last().map(|row| row.name);
        assert_eq!(last, Some(SHOW), "{}", plugin.name());
    }
}

/// Heat's properties of a type, in its order: `!` stands behind those that must be given, `~`
/// behind those that change in place, `-` before those that are not here. (A server of ours boots
/// from an image, so that must be given.)
#[rustfmt::skip] // a row is a line
static HEATS: &[(&str, &str)] = &[
    ("AWS::AutoScaling::AutoScalingGroup", "AvailabilityZones! LaunchConfigurationName~ InstanceId MaxSize!~ MinSize!~ Cooldown~ DesiredCapacity~ -HealthCheckGracePeriod -HealthCheckType LoadBalancerNames VPCZoneIdentifier Tags"),
    ("AWS::AutoScaling::LaunchConfiguration", "ImageId InstanceType InstanceId KeyName UserData SecurityGroups -KernelId -RamDiskId -BlockDeviceMappings NovaSchedulerHints"),
    ("AWS::AutoScaling::ScalingPolicy", "AutoScalingGroupName! ScalingAdjustment!~ AdjustmentType!~ Cooldown~ MinAdjustmentStep~"),
    ("AWS::EC2::Instance", "ImageId! InstanceType!~ KeyName AvailabilityZone -DisableApiTermination -KernelId -Monitoring -PlacementGroupName -PrivateIpAddress -RamDiskId SecurityGroups SecurityGroupIds NetworkInterfaces~ -SourceDestCheck SubnetId~ Tags~ NovaSchedulerHints -Tenancy UserData Volumes BlockDeviceMappings"),
    ("AWS::EC2::NetworkInterface", "Description GroupSet~ PrivateIpAddress -SourceDestCheck SubnetId! -Tags"),
    ("AWS::EC2::SecurityGroup", "GroupDescription! VpcId SecurityGroupIngress~ SecurityGroupEgress~"),
    ("AWS::EC2::Subnet", "AvailabilityZone CidrBlock! VpcId! -Tags"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "AvailabilityZones! HealthCheck Instances~ Listeners! -AppCookieStickinessPolicy -LBCookieStickinessPolicy SecurityGroups~ -Subnets"),
    ("OS::Heat::AccessPolicy", "AllowedResources!"),
    ("OS::Heat::Delay", "min_wait~ max_jitter~ jitter_multiplier~ actions~"),
    ("AWS::IAM::AccessKey", "-Serial UserName! -Status"),
    ("AWS::IAM::User", "Path Groups LoginProfile Policies"),
    ("OS::Heat::AutoScalingGroup", "resource!~ max_size!~ min_size!~ cooldown~ desired_capacity~ rolling_updates~"),
    ("OS::Heat::InstanceGroup", "AvailabilityZones! LaunchConfigurationName!~ Size!~ LoadBalancerNames Tags"),
    ("OS::Heat::RandomString", "length sequence character_classes character_sequences salt"),
    ("OS::Heat::TestResource", "constraint_prop_secs~ attr_wait_secs~ value~ update_replace_value fail~ update_replace~ wait_secs~ action_wait_secs~ client_name~ entity_name~"),
    ("OS::Heat::Value", "value!~ type~"),
    ("OS::Keystone::Domain", "name~ description~ enabled~"),
    ("OS::Keystone::Endpoint", "name~ region~ service!~ interface!~ url!~ enabled~"),
    ("OS::Keystone::Project", "name~ domain~ description~ enabled~ parent tags~"),
    ("OS::Keystone::Region", "id parent_region~ description~ enabled~"),
    ("OS::Keystone::Role", "name~ domain"),
    ("OS::Keystone::Service", "name~ description~ type!~ enabled~"),
    ("OS::Keystone::User", "name~ domain~ description~ enabled~ email~ password~ default_project~ groups~ roles~"),
    ("OS::Keystone::UserRoleAssignment", "user!~ roles~"),
    ("OS::Neutron::Net", "name~ value_specs~ admin_state_up~ tenant_id shared~ -dhcp_agent_ids~ -port_security_enabled~ -qos_policy~ -dns_domain~ availability_zone_hints tags~"),
    ("OS::Neutron::Port", "name~ network_id network! device_id~ device_owner~ fixed_ips~ security_groups~ -replacement_policy~ -dns_name~ tags~ value_specs~ admin_state_up~ mac_address allowed_address_pairs~ binding:vnic_type~ -port_security_enabled~ -qos_policy~ -propagate_uplink_status~ -no_fixed_ips~"),
    ("OS::Neutron::ProviderNet", "name~ network_type!~ physical_network~ segmentation_id~ admin_state_up~ shared~ -port_security_enabled~ router_external~ tags~ -dns_domain~ availability_zone_hints~ tenant_id"),
    ("OS::Neutron::Quota", "project! subnet~ network~ floatingip~ security_group_rule~ security_group~ router~ port~ subnetpool~ rbac_policy~"),
    ("OS::Neutron::SecurityGroup", "name~ description~ rules~ -stateful~"),
    ("OS::Neutron::SecurityGroupRule", "security_group! description direction ethertype port_range_min port_range_max protocol remote_group remote_ip_prefix"),
    ("OS::Neutron::Subnet", "network_id network! -subnetpool -prefixlen cidr value_specs~ name~ ip_version dns_nameservers~ gateway_ip~ enable_dhcp~ allocation_pools~ tenant_id host_routes~ -ipv6_ra_mode -ipv6_address_mode -segment~ tags~"),
    ("OS::Nova::Flavor", "tenants~ flavorid name ram! vcpus! disk swap ephemeral rxtx_factor extra_specs~ is_public"),
    ("OS::Nova::HostAggregate", "name!~ availability_zone~ hosts~ metadata~"),
    ("OS::Nova::KeyPair", "name! save_private_key public_key type -user"),
    ("OS::Nova::Quota", "project! cores~ fixed_ips~ floating_ips~ instances~ injected_files~ injected_file_content_bytes~ injected_file_path_bytes~ key_pairs~ metadata_items~ ram~ security_groups~ security_group_rules~ server_groups~ server_group_members~"),
    ("OS::Nova::Server", "name~ image~ block_device_mapping block_device_mapping_v2 flavor!~ flavor_update_policy~ image_update_policy~ key_name -admin_user availability_zone security_groups networks~ scheduler_hints metadata~ user_data_format software_config_transport~ user_data_update_policy~ user_data~ reservation_id config_drive diskConfig personality admin_pass~ tags~ deployment_swift_data~"),
    ("OS::Nova::ServerGroup", "name policies rules"),
];

fn bare(word: &str) -> &str {
    word.trim_start_matches('-').trim_end_matches(['!', '~'])
}

/// What our schema makes of a word of [`HEATS`].
fn ours(schema: &Schema, word: &str) -> String {
    let name = bare(word);
    let Some(property) = schema.get(name) else { return format!("-{word}") };
    let required = if property.required { "!" } else { "" };
    let in_place = if property.on_change == OnChange::Update { "~" } else { "" };
    format!("{name}{required}{in_place}")
}

#[test]
fn types_have_heats_properties_with_heats_rules() {
    let mut wrong = Vec::new();
    for (name, heats) in HEATS {
        let info = info(find(name).unwrap());
        let words: Vec<&str> = heats.split_whitespace().collect();
        for word in &words {
            let shown = ours(&info.properties, word.trim_start_matches('-'));
            if shown != *word {
                wrong.push(format!("{name} {word}: {shown}"));
            }
        }
        for property in info.properties.iter() {
            if !words.iter().any(|word| bare(word) == property.name) {
                wrong.push(format!("{name} {}: unknown to Heat", property.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
